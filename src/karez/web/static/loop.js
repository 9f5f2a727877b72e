// The carriers on the loop: the hub says where each one is, this moves them on at the loop's speed in between.

const SVG = "http://www.w3.org/2000/svg";
const BEFORE_SCAN = 0.995; // nothing passes the scan point before its scan was told
const still = matchMedia("(prefers-reduced-motion: reduce)");

export class Loop {
  static find(root) {
    const line = root.querySelector("#loop");
    const group = root.querySelector("[data-carriers]");
    return line && group ? new Loop(line, group) : null;
  }

  constructor(line, group) {
    this.line = line;
    this.group = group;
    this.length = line.getTotalLength();
    this.stretch = JSON.parse(line.dataset.stretch);
    this.carriers = new Map();
    this.held = false;
    this.update(JSON.parse(group.dataset.carriers));
    const step = (now) => { if (!still.matches) this.place(now); requestAnimationFrame(step); };
    requestAnimationFrame(step);
  }

  update({ lap, moving, list }) {
    const now = performance.now();
    this.lapMs = lap * 1000;
    this.moving = moving;
    this.show();
    const gone = new Set(this.carriers.keys());
    for (const { id, at, kind } of list) {
      gone.delete(id);
      const carrier = this.carriers.get(id) ?? this.add(id);
      if (carrier.kind !== kind) this.shape(carrier, kind);
      // A small difference is eased away by `place`, so that a carrier does not jump; a large one is a new fact.
      const shown = carrier.since === undefined ? at : this.share(carrier, now);
      const difference = ((at - shown + 1.5) % 1) - 0.5;
      carrier.lag = Math.abs(difference) < 0.08 ? -difference : 0;
      carrier.at = at;
      carrier.since = now;
    }
    for (const id of gone) this.remove(id);
    this.place(now);
  }

  hold(held) {
    this.held = held;
    this.show();
  }

  show() {
    this.group.classList.toggle("is-still", this.held || !this.moving);
  }

  add(id) {
    const link = document.createElementNS(SVG, "a");
    link.setAttribute("href", `/parcels/${encodeURIComponent(id)}`);
    link.setAttribute("tabindex", "-1");
    link.setAttribute("aria-hidden", "true");
    const carrier = { id, link };
    this.carriers.set(id, carrier);
    this.group.append(link);
    return carrier;
  }

  shape(carrier, kind) {
    carrier.kind = kind;
    const shape = document.createElementNS(SVG, kind === "again" ? "path" : "rect");
    if (kind === "again") shape.setAttribute("d", "M0-7.500L7.500 0 0 7.500-7.500 0Z");
    else for (const [name, value] of [["x", -5], ["y", -5], ["width", 10], ["height", 10], ["rx", 1]]) shape.setAttribute(name, value);
    shape.setAttribute("class", `carrier carrier-${kind}`);
    carrier.link.replaceChildren(shape);
  }

  remove(id) {
    this.carriers.get(id).link.remove();
    this.carriers.delete(id);
  }

  share(carrier, now) {
    const run = this.moving && !this.held ? (now - carrier.since) / this.lapMs : 0;
    if (carrier.kind === "new" && carrier.at > 0.5 && carrier.at + run > BEFORE_SCAN) return BEFORE_SCAN;
    const ease = Math.max(0, 1 - (now - carrier.since) / 450);
    return (((carrier.at + run + carrier.lag * ease) % 1) + 1) % 1;
  }

  place(now) {
    for (const carrier of this.carriers.values()) {
      const point = this.line.getPointAtLength(this.drawn(this.share(carrier, now)) * this.length);
      carrier.link.setAttribute("transform", `translate(${point.x.toFixed(1)} ${point.y.toFixed(1)})`);
    }
  }

  // From the true share of the loop to the drawn one, along the stretch the hub gave.
  drawn(share) {
    let upper = this.stretch.findIndex(([at]) => at > share);
    if (upper < 1) upper = this.stretch.length - 1;
    const [at0, drawn0] = this.stretch[upper - 1];
    const [at1, drawn1] = this.stretch[upper];
    return (drawn0 + ((share - at0) / (at1 - at0)) * (drawn1 - drawn0)) % 1;
  }
}
