// What stands in a form, and what of it is an answer: no page in here, only values.
// `raw` is what was typed, as a draft keeps it. `read` gives {value}, {} where nothing is
// answered yet, or {unread, at} for a text that is no number and the place of its field.

export const CHUNK = 1 << 20;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number as typed, null for nothing; undefined for what could be read in two ways or none. */
export function readNumber(text) {
  // a Korean keyboard may write ７５ or ．, a spreadsheet a true minus
  const plain = String(text).normalize("NFKC").replace(/[\u2212\u2013]/g, "-").trim();
  if (!plain) return null;
  const value = NUMBER.test(plain) ? Number(plain) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** `keys` in the order of `wanted`; what it does not name comes last, and what is not there goes. */
export function ordered(keys, wanted) {
  const known = Array.isArray(wanted) ? [...new Set(wanted)].filter((key) => keys.includes(key)) : [];
  return [...known, ...keys.filter((key) => !known.includes(key))];
}

/** `keys` with one of them `by` places on; null where that is beyond an end. */
export function moved(keys, key, by) {
  const from = keys.indexOf(key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= keys.length) return null;
  const rest = keys.filter((one) => one !== key);
  return [...rest.slice(0, to), key, ...rest.slice(to)];
}

/** Where a file is cut; a server closes the connection on a message that is too long. */
export function cuts(size, chunk = CHUNK) {
  const count = Math.max(1, Math.ceil(size / chunk));
  return Array.from({ length: count }, (_, part) => ({
    part, from: part * chunk, to: Math.min((part + 1) * chunk, size), last: part === count - 1,
  }));
}

/** How sure one is by chance alone, in percent: who guesses is right so often. */
export function chance(form) {
  return form.form === "choice" && form.options.length ? Math.round(100 / form.options.length) : 0;
}

function fieldsRead(fields) {
  const values = [];
  for (const [at, [numeric, text]] of fields.entries()) {
    const value = numeric ? readNumber(text) : text;
    if (value === undefined) return { unread: text, at };
    values.push(value);
  }
  return { values };
}

function rowsRead(form, rows) {
  const width = form.columns.length;
  const fields = rows.flatMap((row) => form.columns.map((column) => [column.type === "number", row[column.id] ?? ""]));
  const { values, ...fault } = fieldsRead(fields);
  if (!values) return fault;
  return { value: rows.map((_, row) => Object.fromEntries(form.columns.map((column, at) => [column.id, values[row * width + at]]))) };
}

function questionsRead(form, raw) {
  const { values, ...fault } = fieldsRead(form.questions.map((one) => [one.numeric, raw[one.id] ?? ""]));
  return values ? { value: Object.fromEntries(form.questions.map((one, at) => [one.id, values[at]])) } : fault;
}

function numberRead(_form, raw) {
  const { values, ...fault } = fieldsRead([[true, raw]]);
  if (!values) return fault;
  return values[0] === null ? {} : { value: values[0] };
}

const some = (value) => (value && value.length ? { value } : {});
const READ = {
  choice: (_form, raw) => some(raw),
  choices: (_form, raw) => some(raw),
  text: (_form, raw) => some(raw.trim()),
  ranking: (_form, raw) => ({ value: raw }),
  // nothing flagged is an answer, too
  audit: (_form, raw) => ({ value: raw }),
  number: numberRead,
  table: rowsRead,
  defence: questionsRead,
};

/** What of `raw` is an answer to this form. */
export const read = (form, raw) => READ[form.form](form, raw);
