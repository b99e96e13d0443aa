// The script of the page: finds a feature in the list and draws its boxes. Without it the page says the same, unsearched.
// It builds elements and text nodes only, never markup from names.
#include "page_parts.hpp"

namespace tare::report::detail {

std::string_view page_script() {
    return R"js((() => {
"use strict";
const byId = (id) => document.getElementById(id);
const list = byId("list"), input = byId("find"), found = byId("found"), one = byId("one");
if (!list || !input) return;
const data = JSON.parse(byId("data").textContent);
const rows = [...list.tBodies[0].rows];
const names = rows.map((row) => row.cells[0].textContent.toLowerCase());
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const per = 14 * data.sites.length;
const box = (text, feature, site) => {
  const from = feature * per + site * 14, out = [];
  for (let i = 0; i < 7; ++i) {
    const pair = text.substr(from + 2 * i, 2);
    if (pair.length < 2 || pair === "--") return null;
    out.push(data.low[feature] + data.step[feature] * (letters.indexOf(pair[0]) * 64 + letters.indexOf(pair[1])));
  }
  return out;
};
const make = (parent, name, attributes, words) => {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (words !== undefined) node.textContent = words;
  parent.appendChild(node);
  return node;
};
const roundStep = (raw) => {
  const power = 10 ** Math.floor(Math.log10(raw));
  return power * ([1, 2, 5].find((f) => raw <= f * power * 1.0001) || 10);
};
const draw = (feature, word) => {
  const name = rows[feature].cells[0].textContent, count = data.sites.length;
  const left = 54, right = 466, top = 28, bottom = 218, slot = (right - left) / count;
  const longest = Math.max(...data.sites.map((s) => s.length));
  const level = longest * 7 < slot - 4, size = slot < 13 ? 10 : 12;
  const room = level ? 22 : Math.min(96, longest * size * 0.6 + 14);
  const most = Math.floor(86 / (0.6 * size));
  const svg = make(one, "svg", {role: "img", viewBox: `0 0 470 ${bottom + room}`});
  svg.setAttribute("aria-label", `${name} by site, ${word}: a box from quartile to quartile for each site`);
  make(svg, "text", {x: 0, y: 14, class: "name"}, name.length > 48 ? name.slice(0, 47) + "…" : name);
  make(svg, "text", {x: right, y: 14, "text-anchor": "end"}, word);
  const span = 4095 * data.step[feature], low = data.low[feature] - 0.04 * span, high = data.low[feature] + 1.04 * span;
  const y = (value) => bottom - (value - low) / (high - low) * (bottom - top);
  const step = roundStep((high - low) / 7), decimals = Math.min(9, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
  for (let tick = Math.ceil(low / step); tick * step <= high; ++tick) {
    const at = y(tick * step), words = Math.abs(tick * step) >= 1e7 ? (tick * step).toPrecision(4) : (tick * step).toFixed(decimals);
    make(svg, "path", {class: "grid", d: `M${left} ${at}H${right}`});
    make(svg, "text", {x: left - 6, y: at + 4, "text-anchor": "end"}, words.replace("-", "−"));
  }
  make(svg, "path", {class: "axis", d: `M${left} ${bottom}H${right}`});
  data.sites.forEach((site, s) => {
    const x = left + slot * (s + 0.5), half = Math.min(30, 0.62 * slot) / 2, kind = s % 8, b = box(data[word], feature, s);
    if (b) {
      make(svg, "path", {class: `thin l${kind}`, d: `M${x} ${y(b[5])}V${y(b[4])}M${x} ${y(b[2])}V${y(b[1])}`});
      make(svg, "rect", {class: `box s${kind} l${kind}`, x: x - half, y: y(b[4]), width: 2 * half, height: Math.max(0.6, y(b[2]) - y(b[4]))});
      make(svg, "path", {class: `curve l${kind}`, d: `M${x - half} ${y(b[3])}h${2 * half}`});
      for (const v of [b[0], b[6]]) if (v < b[1] || v > b[5]) make(svg, "circle", {class: `s${kind}`, cx: x, cy: y(v), r: Math.min(2, half / 2.5)});
    }
    const turned = level ? {x, y: bottom + 16, "text-anchor": "middle"} : {transform: `translate(${x + size / 3} ${bottom + 8}) rotate(-90)`, "text-anchor": "end"};
    make(svg, "text", {...turned, class: size < 12 ? "small strong" : "strong"}, level || site.length <= most ? site : site.slice(0, most - 1) + "…");
  });
};
const choose = (feature) => {
  rows.forEach((row, i) => { row.classList.toggle("chosen", i === feature); row.cells[0].tabIndex = i === feature ? 0 : -1; });
  one.replaceChildren();
  one.hidden = feature >= data.low.length;
  if (!one.hidden) for (const word of ["before", "after"]) draw(feature, word);
};
const search = () => {
  const wanted = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0, first = -1;
  rows.forEach((row, i) => {
    row.hidden = !wanted.every((part) => names[i].includes(part));
    if (!row.hidden) { ++count; if (first < 0) first = i; }
  });
  found.textContent = count === rows.length ? `${count} feature${count === 1 ? "" : "s"}` : `${count} of ${rows.length} features`;
  if (first >= 0) choose(first);
};
input.closest("form").hidden = false;
input.closest("form").addEventListener("submit", (event) => event.preventDefault());
input.addEventListener("input", search);
list.classList.add("live");
rows.forEach((row) => row.cells[0].setAttribute("aria-description", "Enter draws its boxes"));
list.addEventListener("click", (event) => {
  const row = event.target.closest("tbody tr");
  if (row) choose(rows.indexOf(row));
});
list.addEventListener("keydown", (event) => {
  const at = rows.indexOf(event.target.closest("tr")), step = {ArrowDown: 1, ArrowUp: -1}[event.key];
  if (at < 0) return;
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(at); return; }
  if (!step) return;
  event.preventDefault();
  for (let i = at + step; i >= 0 && i < rows.length; i += step) {
    if (!rows[i].hidden) { choose(i); rows[i].cells[0].focus(); return; }
  }
});
search();
})();
)js";
}

}  // namespace tare::report::detail
