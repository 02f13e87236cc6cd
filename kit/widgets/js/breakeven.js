// Two costs over one assumption, with a marker that moves. What it means is said by Python.
import { controlled } from "./parts/plot.js";

export default controlled("breakeven");
