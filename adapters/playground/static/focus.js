// Where the focus is, when what had it is drawn anew.

/** Keeps the focus within a part of the page. */
export class Focus {
  /** node: the part, whose controls are known by their data-do. */
  constructor(node) { Object.assign(this, { node, name: undefined, waiting: false }); }

  /** Draws, and focuses what had the focus before. What is gone gives it to otherwise(); what is disabled gets it back once it can have it. */
  keep(draw, otherwise) {
    const active = document.activeElement;
    if (this.node.contains(active)) this.name = active.dataset.do || "";
    else if (!this.waiting || active !== document.body) this.name = undefined;
    this.restore(draw, otherwise);
  }

  /** Draws, and focuses the control of that name. */
  give(name, draw, otherwise) {
    this.name = name;
    this.restore(draw, otherwise);
  }

  restore(draw, otherwise) {
    draw();
    if (this.name === undefined) return;
    const named = this.name && this.node.querySelector(`[data-do="${CSS.escape(this.name)}"]:not(:disabled)`);
    const next = named && !named.closest("[inert], :disabled") ? named : otherwise?.();
    this.waiting = !next;
    next?.focus();
  }
}

/** Keeps Tab within a sheet. */
export function hold(event) {
  if (event.key !== "Tab") return;
  const all = [...event.currentTarget.querySelectorAll("button, input")].filter((node) => !node.disabled);
  const first = all[0], last = all[all.length - 1];
  if (document.activeElement !== (event.shiftKey ? first : last)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}
