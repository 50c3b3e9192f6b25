// Our own line icons on a 16 × 16 grid. Icons are decoration: the words are always there too.
import { html } from "../vendor/preact-11.2.0.js";

/** @type {Record<string, string>} */
const SHAPES = {
  mine: "M8 8.2a2.700 2.700 0 1 0 0-5.400 2.700 2.700 0 0 0 0 5.400zM2.800 13.500c.5-2.400 2.600-3.700 5.200-3.700s4.700 1.300 5.200 3.700",
  unassigned: "M2.500 9.500h3.200l1 1.800h2.600l1-1.800h3.200M2.500 9.500l1.800-6h7.400l1.800 6v3.500h-11z",
  open: "M2.500 3.500h11v7.500H7.500L4.500 13.500V11h-2z",
  snoozed: "M8 14a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11zM8 5.500v3.200l2 1.300",
  done: "M3 8.500l3.300 3.300L13 4.700",
  public: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2.200 8h11.600M8 2c1.700 1.700 2.400 3.700 2.400 6S9.700 12.300 8 14C6.300 12.300 5.600 10.300 5.600 8S6.300 3.700 8 2z",
  private: "M4 7.500h8v6H4zM5.500 7.500V5.200a2.500 2.500 0 0 1 5 0v2.300M8 10v1.200",
  shut: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM3.800 3.800l8.400 8.400",
  note: "M3 2.500h7l3 3v8H3zM10 2.500v3h3M5.500 8.500h5M5.500 11h3",
  flag: "M4 14V2.500M4 3h7.500L10 5.700l1.500 2.800H4",
  flame: "M8 14c2.700 0 4.500-1.700 4.500-4.200C12.500 6.500 9.500 5.500 9 2 6.500 3.500 6.300 5.800 6.500 7.200 5.700 6.900 5.300 6.300 5.200 5.500 4 6.500 3.500 8 3.500 9.600 3.500 12.200 5.300 14 8 14z",
  back: "M10 3L5 8l5 5",
  down: "M4 6.500L8 10.500l4-4",
  send: "M2.500 8L13.500 3l-3 10.500-2.700-4.300zM7.800 9.200L13.500 3",
  external: "M9.500 2.500h4v4M13.500 2.500L8 8M11.500 9v4.500h-9v-9H7",
  undo: "M5.500 3L2.500 6l3 3M2.500 6h6.700a4 4 0 0 1 0 7.500H6",
  warning: "M8 2.500l6 10.800H2zM8 6.500v3.200M8 11.700v.1",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.500v3.700M8 4.900V5",
  bell: "M4 11V7.500a4 4 0 0 1 8 0V11l1 1.500H3zM6.700 14h2.600",
  close: "M4 4l8 8M12 4l-8 8",
  person: "M6.500 8a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM2 13.500c.4-2.300 2.200-3.500 4.500-3.500s4.100 1.200 4.500 3.500M12.500 5.500v4M10.500 7.500h4",
  draft: "M3 13l.700-3L10.800 2.900l2.300 2.300L6 12.300z",
  refresh: "M13 8a5 5 0 1 1-1.600-3.700M13 2.500V5h-2.500",
  offline: "M2 2l12 12M5 11.500a3 3 0 0 1 .3-5.900M7.500 4.200a4 4 0 0 1 4.300 3.500A2.200 2.200 0 0 1 13.500 10.500",
  settings: "M8 10.200a2.200 2.200 0 1 0 0-4.400 2.200 2.200 0 0 0 0 4.400zM8 2v1.800M8 12.200V14M2 8h1.800M12.200 8H14M3.800 3.800L5 5M11 11l1.200 1.200M12.200 3.800L11 5M5 11l-1.200 1.200",
};

/** Icons that point along the line of reading. */
const DIRECTIONAL = new Set(["back", "send", "external", "undo"]);

/** @param {{name: string}} props */
export function Icon({ name }) {
  const kind = DIRECTIONAL.has(name) ? "icon directional" : "icon";
  return html`<svg class=${kind} viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path d=${SHAPES[name]} /></svg>`;
}
