// Small things that screens and sheets are made of.
import { el } from "./ui.js";

/** A person without a picture: the first letter, in a colour of the name's own. */
export function badge(name) {
  const colour = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 5;
  return el("span", { class: "badge c" + colour, "aria-hidden": "true" }, [...name][0]?.toUpperCase() || "?");
}

/** A day, as people write it. */
export function day(time, locale) {
  const date = new Date(time);
  return isNaN(date) ? "—" : date.toLocaleDateString(locale, { year: "numeric", month: "short", day: "numeric" });
}

const palettes = [["#0b8a55", "#ffd56b", "#fff3d6"], ["#2c5fd0", "#ffb3c7", "#eaf1ff"], ["#c2541d", "#8fe0c8", "#fff0e6"]];

/** How many pictures there are to choose from. */
export const pictures = palettes.length;

/** Draws a ready picture: a face, of which no two are alike. */
export function picture(n, side = 320) {
  const [back, skin, light] = palettes[n % pictures];
  const canvas = el("canvas", { width: side, height: side });
  const c = canvas.getContext("2d");
  const dot = (x, y, r, colour) => { c.fillStyle = colour; c.beginPath(); c.arc(x * side, y * side, r * side, 0, 2 * Math.PI); c.fill(); };
  c.fillStyle = back;
  c.fillRect(0, 0, side, side);
  dot(.5, 1.02, .38, light);
  if (n === 1) { dot(.29, .27, .12, skin); dot(.71, .27, .12, skin); }
  dot(.5, .46, .26, skin);
  if (n === 2) { c.fillStyle = light; c.fillRect(.24 * side, .2 * side, .52 * side, .12 * side); dot(.5, .2, .16, light); }
  dot(.41, .44, .03, "#22302a");
  dot(.59, .44, .03, "#22302a");
  c.lineWidth = .022 * side; c.lineCap = "round"; c.strokeStyle = "#22302a";
  c.beginPath(); c.arc(.5 * side, .5 * side, .1 * side, .2 * Math.PI, .8 * Math.PI); c.stroke();
  return canvas;
}

/** The picture as a file. */
export const fileOf = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
