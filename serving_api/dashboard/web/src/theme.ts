/** Light or dark: as the system has it, unless chosen otherwise. */

import { computed, signal } from "@preact/signals";

const KEY = "warehouse.theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
system.addEventListener("change", (event) => (systemDark.value = event.matches));

export type Choice = "system" | "light" | "dark";
export const choice = signal<Choice>((localStorage.getItem(KEY) as Choice | null) ?? "system");
export const dark = computed(() => (choice.value === "system" ? systemDark.value : choice.value === "dark"));
dark.subscribe((on) => (document.documentElement.dataset.theme = on ? "dark" : "light"));

export function chooseTheme(next: Choice): void {
  choice.value = next;
  localStorage.setItem(KEY, next);
}

export interface Palette {
  series: string[];
  text: string;
  muted: string;
  line: string;
  surface: string;
  up: string;
  down: string;
  ramp: string[];
}

const LIGHT: Palette = {
  series: ["#2b5fc4", "#0d8a78", "#c4621a", "#8046c2", "#b23a6b", "#5b7d1e", "#3b86a8", "#8a6d3b"],
  text: "#1c2430", muted: "#5b6675", line: "#e3e8ef", surface: "#ffffff", up: "#13795b", down: "#c0392b",
  ramp: ["#eef3fc", "#c9daf6", "#94b5ec", "#5b8bdd", "#2b5fc4", "#1b438f"],
};
const DARK: Palette = {
  series: ["#7aa5f8", "#3fc7b0", "#f0a060", "#bb92f2", "#f07fae", "#a3cc5c", "#6fc3e6", "#d4b57a"],
  text: "#e6ebf2", muted: "#9aa7b8", line: "#2a3442", surface: "#161d27", up: "#4fd1a5", down: "#ff8a7a",
  ramp: ["#1a2536", "#213a63", "#2a5193", "#3d6fc4", "#6c98ea", "#a9c5fa"],
};
export const palette = computed<Palette>(() => (dark.value ? DARK : LIGHT));
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif';
export const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
