/** Files that were asked for in this tab; they are listed under Exports. */

import { signal } from "@preact/signals";
import { identity } from "../session";

export interface Started {
  id: string;
  title: string;
  subject: string;
}

const KEY = "warehouse.runs";
const MOST = 20;

function remembered(): Started[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]") as Started[];
  } catch {
    return [];
  }
}

export const runs = signal<Started[]>(remembered());

/** Keep a run that the API has taken on. */
export function began(answer: unknown, title: string): void {
  const { report_run_id, export_id } = answer as { report_run_id?: string; export_id?: string };
  const id = report_run_id ?? export_id;
  if (id === undefined) return;
  runs.value = [{ id, title, subject: identity.value?.subject ?? "" }, ...runs.value].slice(0, MOST);
  sessionStorage.setItem(KEY, JSON.stringify(runs.value));
}
