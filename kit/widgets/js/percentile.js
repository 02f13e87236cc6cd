// A demand, a percentile of it and the size that follows. What follows is computed in Python.
import { controlled } from "./parts/plot.js";

export default controlled("percentile");
