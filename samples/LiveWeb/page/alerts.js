// Alerts for a person to review. They stay until they are put away.

import { byId, element } from "./dom.js";

const MaxAlerts = 20;

export function addAlert(alert) {
  const list = byId("alerts");
  const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const item = element("li", { className: "alert" },
    element("p", {}, element("b", { textContent: `${time} · face ${alert.track}` }), ` ${alert.message}`),
    element("button", { type: "button", className: "small", textContent: "Reviewed", "aria-label": `Reviewed: put away the alert of ${time} about face ${alert.track}` }));
  item.querySelector("button").addEventListener("click", () => {
    // The keyboard goes on from a place that stays.
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    (next?.querySelector("button") ?? byId("alerts-title")).focus();
    byId("no-alert").hidden = list.childElementCount > 0;
  });
  list.prepend(item);
  while (list.childElementCount > MaxAlerts) {
    list.lastElementChild.remove();
  }

  byId("no-alert").hidden = true;
}

export function clearAlerts() {
  byId("alerts").replaceChildren();
  byId("no-alert").hidden = false;
}
