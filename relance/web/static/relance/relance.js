// What do the keys and the boxes of a page do? Comfort alone: every page works without this file.

const typing = (element) => element.closest?.("input, select, textarea, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-rows] > :is(tr:not(.inner, .group, .subtotal), li)")];
const asking = () => document.querySelector("dialog[open], [popover]:popover-open");

const KEYS = {
  "/": () => document.getElementById("search")?.focus(),
  "s": () => document.querySelector("main [data-own]")?.focus(),
  "h": () => document.querySelector("[data-help]")?.click(),
  "?": () => document.getElementById("keys")?.showModal(),
  "j": () => walk(1), "ArrowDown": () => walk(1),
  "k": () => walk(-1), "ArrowUp": () => walk(-1),
  "x": () => document.querySelector("tr.current .pick input")?.click(),
  "a": () => document.querySelector("main [data-main]:not(:disabled)")?.click(),
  "n": () => document.querySelector("a[rel=next]")?.click(),
  "p": () => document.querySelector("a[rel=prev]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.repeat && event.target.closest("button")) event.preventDefault(); // a key held down does not answer the question that it opened
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || asking()) return;
  if (event.key === "a" && event.repeat) return;
  if (event.key.startsWith("Arrow") && !rows().length) return;
  event.preventDefault();
  act();
});

function walk(step) {
  const all = rows(), at = all.findIndex((row) => row.classList.contains("current"));
  const next = all[Math.max(0, Math.min(all.length - 1, at + step))];
  if (!next) return;
  all[at]?.classList.remove("current");
  next.classList.add("current");
  (next.querySelector("th a, td a, summary, button, a") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// A right click on a row, or the menu key, shows data-menu: what the bar can do with the rows picked, and where the row leads.
document.addEventListener("contextmenu", (event) => {
  const row = event.target.closest("[data-rows] > tr"), menu = row?.closest("form")?.querySelector("[data-menu]");
  if (!menu || event.shiftKey || (event.button === 2 && event.target.closest("a"))) return;
  event.preventDefault();
  const box = row.querySelector(".pick input");
  if (box && !box.checked) {
    for (const other of row.parentElement.querySelectorAll(".pick input:checked")) other.checked = false;
    box.checked = true;
    count();
  }
  for (const act of menu.querySelectorAll("[type=submit]")) act.disabled = !row.parentElement.querySelector(".pick input:checked");
  for (const link of menu.querySelectorAll("[data-leads]")) link.href = row.querySelector(link.dataset.leads)?.href ?? "#";
  const from = event.button === 2 ? { left: event.clientX, bottom: event.clientY } : event.target.getBoundingClientRect();
  menu.showPopover();
  menu.style.left = `${Math.max(0, Math.min(from.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(0, Math.min(from.bottom, innerHeight - menu.offsetHeight - 8))}px`;
  menu.querySelector("a, button:enabled")?.focus();
  menu.addEventListener("beforetoggle", () => event.target.focus?.({ preventScroll: true }), { once: true }); // before it closes: that it has opened is told by "toggle" too, later
});

// In a menu, and among what the palette found, the arrows go up and down.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], list = event.target.closest("[data-menu], [data-palette]");
  if (!step || !list) return;
  event.preventDefault();
  const all = [...list.querySelectorAll("input[type=search], a, button:enabled")].filter((one) => one.checkVisibility());
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length]?.focus();
});

// Ctrl+K reaches the search box from anywhere, even out of a field; Enter goes to the first thing it found, Escape back to where one was.
let before;
document.addEventListener("keydown", (event) => {
  const box = document.getElementById("search");
  if (!box) return;
  if (event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    before = document.activeElement;
    box.focus();
    box.select();
  } else if (event.key === "Escape" && event.target.closest("[data-palette]")) {
    document.getElementById("found").replaceChildren();
    box.value = "";
    (before?.isConnected ? before : document.getElementById("main")).focus({ preventScroll: true });
  }
});
document.addEventListener("submit", (event) => {
  const found = event.target.closest("[data-palette]")?.querySelector(".found"), first = found?.querySelector("a");
  if (!first || found.dataset.asked.trim() !== document.getElementById("search").value.trim()) return;
  event.preventDefault();
  first.click();
});

// The box in a table's head picks all its rows; the bar below counts them, and is there only when some are picked.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-pick-all]");
  if (all) for (const box of all.closest("table").querySelectorAll("tbody .pick input")) box.checked = all.checked;
  if (all || event.target.closest(".pick")) count();
});

function count() {
  const picked = document.querySelectorAll("tbody .pick input:checked").length;
  for (const bar of document.querySelectorAll("[data-picked]")) bar.hidden = picked === 0;
  for (const place of document.querySelectorAll("[data-count]")) place.textContent = picked;
}

// A form with data-live sends itself when something in it changes; what is typed, when the typing pauses.
let pause;
document.addEventListener("change", (event) => { if (event.target.matches("[data-submits]")) event.target.form.requestSubmit(); else send(event.target, 0); });
document.addEventListener("input", (event) => { if (event.target.matches("[type=search], [type=text]")) send(event.target, 350); });

function send(element, after) {
  const form = element.form;
  if (!form?.hasAttribute("data-live")) return;
  clearTimeout(pause);
  pause = setTimeout(() => form.requestSubmit(), after);
}

// data-opens shows the dialog of that name, data-closes shuts the dialog it stands in; a form with data-confirm asks that first.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
});

// A link with data-dialog shows in a dialog the form of the page that it leads to.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-dialog]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = page.querySelector("[data-dialog-content]");
  if (!answer.ok || !shown) { location.assign(link.href); return; }
  const dialog = document.createElement("dialog");
  for (const form of shown.querySelectorAll("form")) if (!form.getAttribute("action")) form.action = link.href;
  dialog.append(document.adoptNode(shown));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
});

// data-inserts writes its word where the cursor last was in a field with data-takes.
let taker;
document.addEventListener("focusin", (event) => { if (event.target.matches("[data-takes]")) taker = event.target; });
document.addEventListener("click", (event) => {
  const word = event.target.closest("[data-inserts]")?.dataset.inserts;
  if (!word) return;
  taker = taker?.isConnected ? taker : document.querySelector("[data-takes]");
  taker.setRangeText(word, taker.selectionStart, taker.selectionEnd, "end");
  taker.focus();
  taker.dispatchEvent(new Event("input", { bubbles: true }));
});

// A link with data-unfolds shows something under its row; followed again, it takes that away.
document.addEventListener("htmx:beforeRequest", (event) => {
  const below = event.target.closest("[data-unfolds]")?.closest("tr")?.nextElementSibling;
  if (below?.classList.contains("inner")) { event.preventDefault(); below.remove(); }
});

// What scrolls sideways is reached by the keyboard, and called by the heading above it.
function reach() {
  for (const part of document.querySelectorAll(".scroll:not([tabindex])")) {
    if (part.scrollWidth <= part.clientWidth) continue;
    const heading = part.closest("section, main")?.querySelector("h1, h2");
    part.tabIndex = 0;
    part.setAttribute("role", "region");
    if (heading) part.setAttribute("aria-label", heading.textContent.trim());
  }
}

// The side bar may be longer than the window, on a telephone it is a strip, and tabs may be wider than the page: each shows where one is.
addEventListener("load", () => {
  for (const strip of document.querySelectorAll(".side nav, .tabs")) {
    const here = strip.querySelector("[aria-current]");
    if (here && strip.scrollWidth > strip.clientWidth) strip.scrollLeft += here.getBoundingClientRect().left - (innerWidth - here.offsetWidth) / 2;
  }
  const bar = document.querySelector(".side"), here = bar?.querySelector("[aria-current]")?.getBoundingClientRect();
  if (here && here.bottom > innerHeight && bar.scrollHeight > bar.clientHeight) bar.scrollTop += here.bottom - innerHeight / 2;
});

document.addEventListener("DOMContentLoaded", reach);
document.addEventListener("htmx:afterSwap", reach);
document.addEventListener("DOMContentLoaded", count);
document.addEventListener("htmx:afterSwap", count);
