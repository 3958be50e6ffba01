/** Questions to the API: with the viewer's token, each asked once per generation, asked again where that may help. */

import { signal } from "@preact/signals";
import { identity, signOut } from "./session";

export interface Ask {
  path: string;
  parameters?: Record<string, string>;
  body?: unknown;
  method?: string;
}

export interface Answer {
  body: unknown;
  generation: number | null;
  completeThrough: string | null;
}

/** An error as the API tells it (RFC 9457). */
export class Problem extends Error {
  constructor(readonly title: string, readonly detail: string, readonly status: number) {
    super(detail || title);
  }
}

/** Until when the API lets this token wait, in milliseconds since 1970. */
export const heldUntil = signal(0);

const MOST_RETRIES = 3;
const kept = new Map<string, Promise<Answer>>();

export function keyOf(ask: Ask): string {
  return `${ask.method ?? ""} ${address(ask)} ${ask.body === undefined ? "" : JSON.stringify(ask.body)}`;
}

export function address(ask: Ask): string {
  const query = new URLSearchParams(ask.parameters).toString();
  return query ? `${ask.path}?${query}` : ask.path;
}

/** The answer to a question; one that was asked before in the same generation is not asked again. */
export function ask(question: Ask, generation: number | null): Promise<Answer> {
  const key = keptBy(question, generation);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const asked = fetched(question);
  kept.set(key, asked);
  asked.catch(() => kept.delete(key));
  while (kept.size > 300) kept.delete(kept.keys().next().value!);
  return asked;
}

/** Ask anew next time. */
export function forget(question: Ask, generation: number | null): void {
  kept.delete(keptBy(question, generation));
}

function keptBy(question: Ask, generation: number | null): string {
  return `${identity.value?.token.slice(-20)} ${generation} ${keyOf(question)}`;
}

/** Ask now, whatever is known. */
export async function fetched(question: Ask): Promise<Answer> {
  const response = await send(question);
  return {
    body: response.status === 204 ? null : await response.json(),
    generation: Number(response.headers.get("X-Generation")) || null,
    completeThrough: response.headers.get("X-Complete-Through"),
  };
}

/** The response to a question, an exception if it is a problem. */
export async function send(question: Ask, accept = "application/json", signal?: AbortSignal): Promise<Response> {
  const method = question.method ?? (question.body === undefined ? "GET" : "POST");
  const who = identity.value;
  for (let attempt = 0; ; attempt++) {
    const headers: Record<string, string> = { Authorization: `Bearer ${who?.token ?? ""}`, Accept: accept };
    if (question.body !== undefined) headers["Content-Type"] = "application/json";
    let response: Response;
    try {
      const body = question.body === undefined ? null : JSON.stringify(question.body);
      response = await fetch(address(question), { method, headers, body, signal: signal ?? null });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new Problem("The server does not answer", "Check that the API runs and that you are online, then retry.", 0);
    }
    if (response.ok) return response;
    const wait = Number(response.headers.get("Retry-After"));
    const passing = response.status === 429 || (response.status === 503 && method === "GET");
    if (passing && wait > 0 && wait <= 65 && attempt < MOST_RETRIES) {
      heldUntil.value = Math.max(heldUntil.value, Date.now() + wait * 1000);
      await new Promise((resolve) => setTimeout(resolve, wait * 1000 + Math.random() * 500));
      continue;
    }
    const found = await problem(response);
    // Of several questions that are refused only the first one signs out, and never somebody else.
    if (found.status === 401 && who !== undefined && identity.value === who) signOut(found.message);
    throw found;
  }
}

async function problem(response: Response): Promise<Problem> {
  let said: { title?: string; detail?: string } = {};
  try {
    said = (await response.json()) as typeof said;
  } catch {
    // Something on the way answered in its own words.
  }
  return new Problem(said.title ?? `Error ${response.status}`, said.detail ?? "", response.status);
}
