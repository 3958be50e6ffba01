/** What is looked at: it is all in the address, so that a link shows the same. */

import { computed, signal } from "@preact/signals";
import type { Dashboards, Page } from "./spec";

const ROOT = "/dashboards";

function here(): { name: string; chosen: Record<string, string> } {
  const name = location.pathname.startsWith(`${ROOT}/`) ? decodeURIComponent(location.pathname.slice(ROOT.length + 1)) : "";
  return { name, chosen: Object.fromEntries(new URLSearchParams(location.search)) };
}

const place = signal(here());
export const name = computed(() => place.value.name);
export const chosen = computed(() => place.value.chosen);

/** What the API said of the viewer and of the dashboards; null before. */
export const dashboards = signal<Dashboards | null>(null);
export const page = computed<Page | undefined>(() => {
  const pages = dashboards.value?.pages ?? [];
  return name.value ? pages.find((one) => one.name === name.value) : pages[0];
});

/** The generation in force, and how far it goes. */
export const generation = signal<number | null>(null);
export const completeThrough = signal<string | null>(null);

/** What is kept when another dashboard is opened. */
const SHARED = ["tz", "currency", "granularity"];

export function link(to: string, parameters: Record<string, string> = {}): string {
  const query = new URLSearchParams(parameters).toString();
  return `${ROOT}/${to}${query ? `?${query}` : ""}`;
}

export function linkKeeping(to: string, time: Page["time"]): string {
  const same = page.value?.time === time ? ["period", "range", "start", "end"] : [];
  const keeps = Object.entries(chosen.value).filter(([key]) => SHARED.includes(key) || same.includes(key));
  return link(to, Object.fromEntries(keeps));
}

/** Two steps within this time are somebody on the way to somewhere else. */
const HURRIED = 700;
const PAUSE = 350;
let stepped = 0;
let hurried = false;

/** How long to wait with questions about what may be left again at once. */
export function pause(): number {
  return hurried && Date.now() - stepped < PAUSE ? PAUSE : 0;
}

export function go(address: string): void {
  hurried = Date.now() - stepped < HURRIED;
  stepped = Date.now();
  history.pushState(null, "", address);
  place.value = here();
  document.querySelector("main")?.scrollTo(0, 0);
}

/** Choose parameters; an empty one is chosen no more. */
export function choose(parameters: Record<string, string>): void {
  const all = { ...chosen.value, ...parameters };
  const left = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  go(link(page.value?.name ?? name.value, left));
}

addEventListener("popstate", () => {
  place.value = here();
});
