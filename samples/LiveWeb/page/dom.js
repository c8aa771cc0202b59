// Small helpers over the document. No text ever becomes markup here.

const SvgNamespace = "http://www.w3.org/2000/svg";

/** The element with an id. */
export const byId = (id) => document.getElementById(id);

/** Makes an element with properties and children. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) {
      made[name] = value;
    } else {
      made.setAttribute(name, value);
    }
  }

  made.append(...children);
  return made;
}

/** Makes an icon out of path data in a 24 by 24 box; it is decoration, so it needs text beside it. */
export function icon(path, className = "icon") {
  const svg = document.createElementNS(SvgNamespace, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SvgNamespace, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Changes an icon's picture, only where it differs. */
export function setIcon(svg, path) {
  const line = svg.firstElementChild;
  if (line.getAttribute("d") !== path) {
    line.setAttribute("d", path);
  }
}

/** Changes a text, only where it differs: screen readers look at every change. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Whether the person asked for little motion. */
export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
