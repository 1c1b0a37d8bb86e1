"use strict";
/* Tables as files that a spreadsheet opens with a double click. */

/* One cell; texts that a spreadsheet would run as formulas are marked as text. */
function csvCell(value, separator, point) {
  if (value === null) return "";
  if (typeof value === "number") return String(value).replace(".", point);
  const text = /^(-|[-+]?[0-9]+([.,][0-9]+)?([eE][-+]?[0-9]+)?)$/.test(value)
    ? value
    : value.replace(/^(?='*[=+\-@\t\r\uff1d\uff0b\uff20])/, "'").replace(/([;\t\r\n])(?='*[=+\-@\t\r\uff1d\uff0b\uff20])/g, "$1'");
  return text.includes(separator) || /["\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/* With semicolons where decimals have commas, as spreadsheets of those languages expect. */
function csvOf(keys, rows) {
  const point = LANGUAGES[speech.code].decimal;
  const separator = point === "," ? ";" : ",";
  const lines = [keys, ...rows].map((row) => row.map((value) => csvCell(value, separator, point)).join(separator));
  return `${lines.join("\n")}\n`;
}

/* The mark at the beginning tells Excel that it is UTF-8. */
function download(fileName, csv) {
  downloadBlob(fileName, new Blob(["\ufeff", csv], { type: "text/csv;charset=utf-8" }));
}

function downloadBlob(fileName, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
