// Uploads and jobs of the home page. The page itself is complete HTML from the server;
// after a job it is loaded again, so nothing here builds markup from data.
"use strict";

const { api, home, xsrf } = document.body.dataset;
const POLL_MS = 700;

const fill = (template, values) =>
  template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** The status area of one kind of work: busy text, upload progress, failure. */
class Work {
  constructor(id) {
    this.box = document.getElementById(`work-${id}`);
    this.bar = this.box.querySelector("progress");
    this.text = this.box.querySelector("p");
    this.failed = document.getElementById(`failed-${id}`);
    this.wait = document.getElementById(`wait-${id}`);
    this.said = 0;
  }

  get busy() {
    return !this.box.hidden;
  }

  begin() {
    this.failed.hidden = true;
    this.box.hidden = false;
    this.said = 0;
    this.running(0);
  }

  uploading(name, percent) {
    this.bar.value = percent / 100;
    this.text.textContent = fill(this.text.dataset.uploading, { name, percent });
  }

  running(seconds) {
    this.bar.removeAttribute("value");
    // a screen reader would read out every change: speak every ten seconds only
    if (seconds && seconds < this.said + 10) return;
    this.said = seconds;
    const time = seconds ? ` ${fill(this.text.dataset.seconds, { n: seconds })}` : "";
    this.text.textContent = this.text.dataset.busy + time;
  }

  fail(error) {
    this.box.hidden = true;
    for (const part of ["what", "where", "fix"]) {
      this.failed.querySelector(`.${part}`).textContent = error[part] || "";
    }
    this.failed.hidden = false;
    this.failed.focus();
  }

  /** Error of a call that got no answer from the server. */
  lost() {
    return { what: this.failed.dataset.lost };
  }
}

async function call(path, method = "GET", body = undefined) {
  const headers = { "X-XSRFToken": xsrf };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(api + path, {
    method,
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const value = await answer.json();
  if (!answer.ok) throw { error: value.error || { what: value.message } };
  return value;
}

/** Run one job to its end; true when it succeeded. */
async function runJob(work, request) {
  try {
    let job = await call("jobs", "POST", request);
    while (job.state === "running") {
      await pause(POLL_MS);
      job = await call(`jobs/${job.id}`);
      work.running(job.seconds);
    }
    if (job.state === "done") return true;
    work.fail(job.error);
  } catch (problem) {
    work.fail(problem.error || work.lost());
  }
  return false;
}

/** Load the page again and land on a section, with focus there. */
function reloadAt(fragment) {
  sessionStorage.setItem("upskill-focus", fragment);
  const target = `${home}#${fragment}`;
  if (location.pathname + location.hash === target) location.reload();
  else {
    location.replace(target);
    location.reload();
  }
}

// fetch cannot tell how much was sent, so one XMLHttpRequest for each file
function upload(file, work) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `${api}inbox/${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-XSRFToken", xsrf);
    request.responseType = "json";
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) {
        work.uploading(file.name, Math.floor((100 * event.loaded) / event.total));
      }
    };
    request.onload = () => {
      const value = request.response || {};
      if (request.status === 200) resolve(value.name);
      else reject({ error: value.error || { what: value.message } });
    };
    request.onerror = () => reject({});
    request.send(file);
  });
}

/** What starts a reading: while one runs the others wait, since there is one finding. */
const READERS = "#example, #files, #again button";
let reading = false;

function setReading(on) {
  reading = on;
  for (const control of document.querySelectorAll(READERS)) {
    if (on) control.setAttribute("aria-disabled", "true");
    else control.removeAttribute("aria-disabled");
  }
  if (on) return;
  for (const text of document.querySelectorAll(".wait")) text.hidden = true;
}

/** Read an export: ``prepare`` uploads what is needed and gives the request. */
async function read(id, prepare) {
  const work = new Work(id);
  if (reading) {
    work.wait.hidden = false;
    return;
  }
  setReading(true);
  work.begin();
  let done = false;
  try {
    done = await runJob(work, { kind: "quick", ...(await prepare(work)) });
  } catch (problem) {
    work.fail(problem.error || work.lost());
  }
  // after a success nothing may start before the page is loaded again
  if (done) reloadAt("finding");
  else setReading(false);
}

function quick(files) {
  return read("quick", async (work) => {
    const input = document.getElementById("files");
    const limit = Number(input.dataset.limit);
    const large = files.find((file) => file.size > limit);
    if (large) {
      const n = Math.floor(limit / 1048576);
      throw { error: { what: fill(input.dataset.tooLarge, { name: large.name, n }) } };
    }
    const names = [];
    for (const file of files) names.push(await upload(file, work));
    return { files: names };
  });
}

/** The same files again, with the sizes, the unit and the price card that the learner tells. */
function computeAgain(form) {
  return read("again", async (work) => {
    const request = { files: JSON.parse(form.dataset.files), prices: form.dataset.prices };
    if (form.elements.vcpu.value) request.vcpu = Number(form.elements.vcpu.value);
    // asked only where the export names no unit
    if (form.elements.unit?.value) request.unit = form.elements.unit.value;
    const [card] = form.elements.prices.files;
    if (card) request.prices = await upload(card, work);
    return request;
  });
}

async function submit(unit, ratings, button) {
  const work = new Work(`submit-${unit}`);
  if (work.busy) return;
  work.begin();
  button.setAttribute("aria-disabled", "true");
  if (await runJob(work, { kind: "submit", unit, ratings })) reloadAt(`hand-in-${unit}`);
  button.removeAttribute("aria-disabled");
}

// a page that is loaded again within this time does not ask once more
const FETCH_EVERY_MS = 60000;

/** Look for the trainer's feedback in the background; nothing on the page waits for it. */
async function fetchFeedback() {
  const box = document.getElementById("fetch");
  const last = Number(sessionStorage.getItem("upskill-fetched") || 0);
  if (!box || Date.now() - last < FETCH_EVERY_MS) return;
  const said = box.querySelector("[role=status]");
  const { busy, news, dates, failed, lost } = box.dataset;
  said.textContent = busy;
  try {
    let job = await call("jobs", "POST", { kind: "fetch" });
    while (job.state === "running") {
      await pause(POLL_MS);
      job = await call(`jobs/${job.id}`);
    }
    sessionStorage.setItem("upskill-fetched", Date.now());
    const { what, fix } = job.error;
    said.textContent = job.state === "failed" ? `${failed} ${what} ${fix}` : job.changed ? news : job.dates ? dates : "";
    document.getElementById("show-feedback").hidden = !job.changed && !job.dates;
  } catch (problem) {
    said.textContent = problem.error ? `${failed} ${problem.error.what || ""}` : lost;
  }
}

function watchDrop() {
  const zone = document.getElementById("drop");
  const input = document.getElementById("files");
  let depth = 0;
  const over = (on) => zone.classList.toggle("over", on);
  // a file that misses the zone must not replace the page
  for (const name of ["dragover", "drop"]) {
    window.addEventListener(name, (event) => event.preventDefault());
  }
  zone.addEventListener("dragenter", () => over(++depth > 0));
  zone.addEventListener("dragleave", () => over(--depth > 0));
  zone.addEventListener("drop", (event) => {
    depth = 0;
    over(false);
    const files = [...event.dataTransfer.files];
    if (files.length) quick(files);
  });
  // a choice that would be refused need not be made
  input.addEventListener("click", (event) => {
    if (!reading) return;
    event.preventDefault();
    quick([]);
  });
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) quick(files);
  });
  document.getElementById("example").addEventListener("click", () => quick([]));
}

function watchUnits() {
  for (const button of document.querySelectorAll("[data-submit]")) {
    button.addEventListener("click", () => submit(button.dataset.submit, {}, button));
  }
  for (const form of document.querySelectorAll("[data-rate]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      submit(form.dataset.rate, Object.fromEntries(new FormData(form)), event.submitter);
    });
  }
}

const PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-Cell";

/** Whether Lab in this tab shows a notebook. */
function showsNotebook(tab) {
  const page = tab.document;
  return page.querySelector(PANEL) !== null && !page.getElementById("jupyterlab-splash");
}

/**
 * Scroll Lab to a cell: it does so when the fragment changes. Cells that render above
 * push the place away, so it is done again, unless the learner has taken over.
 */
async function scrollLab(tab, fragment) {
  let taken = false;
  for (const name of ["wheel", "keydown", "pointerdown"]) {
    tab.addEventListener(name, () => (taken = true), { once: true });
  }
  for (const wait of [500, 1500, 2500]) {
    await pause(wait);
    if (taken || tab.closed) return;
    const { pathname, search } = tab.location;
    tab.history.replaceState(tab.history.state, "", pathname + search);
    tab.location.hash = fragment;
  }
}

/**
 * Open Lab in its own tab, the same one each time, at the exercise's cell.
 * Lab 4.6 forgets the fragment of the address that it starts with.
 */
async function openAtCell(event) {
  const link = event.currentTarget;
  const tab = window.open(link.href, link.target);
  if (!tab) return;
  event.preventDefault();
  const fragment = new URL(link.href).hash;
  for (let waited = 0; fragment && waited < 60000; waited += 300) {
    await pause(300);
    if (tab.closed) return;
    if (showsNotebook(tab)) {
      await scrollLab(tab, fragment);
      return;
    }
  }
}

function landOnSection() {
  const fragment = sessionStorage.getItem("upskill-focus");
  sessionStorage.removeItem("upskill-focus");
  document.getElementById(fragment || "")?.focus();
}

/** Progress was made in Lab's tab: show it when the learner comes back to this one. */
function refreshOnReturn() {
  let touched = false;
  let left = false;
  document.addEventListener("input", () => (touched = true));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") left = true;
    else if (left && !touched && !document.querySelector(".work:not([hidden])")) location.reload();
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
}

document.getElementById("again")?.addEventListener("submit", (event) => {
  event.preventDefault();
  computeAgain(event.currentTarget);
});
watchDrop();
watchUnits();
document.getElementById("show-feedback")?.addEventListener("click", () => location.reload());
fetchFeedback();
for (const link of document.querySelectorAll("a[target=upskill-lab]")) {
  link.addEventListener("click", openAtCell);
}
landOnSection();
refreshOnReturn();
