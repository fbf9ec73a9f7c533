// What the pages do besides showing: keys, selections, dialogs. All of it can be done without.
"use strict";

const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

// "/" goes to the search, j and k walk through the rows of the list, Enter opens the row, x picks it, ? shows the keys.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const act = { "/": search, "j": () => walk(1), "k": () => walk(-1), "x": pick, "?": () => document.getElementById("keys")?.showModal() }[event.key];
  if (act) { event.preventDefault(); act(); }
});

function search() { document.querySelector("input[type=search]")?.focus(); }

function walk(step) {
  const rows = [...document.querySelectorAll("[data-rows] > tr:not(.inner)")];
  const at = rows.findIndex((row) => row.classList.contains("current"));
  const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
  if (!next) return;
  rows[at]?.classList.remove("current");
  next.classList.add("current");
  (next.querySelector("th a, td a, button") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function pick() { document.querySelector("tr.current .pick input")?.click(); }

// A box in a table's head picks all rows; the bar below counts them and is there only when some are picked.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  if (all) for (const box of document.querySelectorAll(".pick input[name]")) box.checked = all.checked;
  if (all || event.target.closest(".pick")) count();
});

function count() {
  const picked = document.querySelectorAll(".pick input[name]:checked").length;
  for (const bar of document.querySelectorAll("[data-picked]")) bar.hidden = picked === 0;
  for (const place of document.querySelectorAll("[data-count]")) place.textContent = picked;
}

// A form with data-live sends itself when something in it changes.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form) form.requestSubmit();
  if (event.target.closest("[data-submits]")) event.target.form.requestSubmit();
});

// A button with data-opens shows the dialog of that name; one with data-closes shuts the dialog it stands in.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

document.addEventListener("DOMContentLoaded", count);
document.addEventListener("htmx:afterSwap", count);
