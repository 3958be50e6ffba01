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
/** A minute's worth of requests comes back within a little more than a minute. */
const LONGEST_HELD_SECONDS = 130;

interface Kept {
  answer: Promise<Answer>;
  wanted: number;
  settled: boolean;
  leaving: AbortController;
}

const kept = new Map<string, Kept>();

/** An answer that somebody waits for, until he leaves. */
export interface Awaited {
  answer: Promise<Answer>;
  leave: () => void;
}

export function keyOf(ask: Ask): string {
  return `${ask.method ?? ""} ${address(ask)} ${ask.body === undefined ? "" : JSON.stringify(ask.body)}`;
}

export function address(ask: Ask): string {
  const query = new URLSearchParams(ask.parameters).toString();
  return query ? `${ask.path}?${query}` : ask.path;
}

/**
 * The answer to a question; one that was asked before in the same generation is not asked again. One that nobody waits
 * for any more, and that has not been sent yet, never is: it would take from what the token may still ask.
 */
export function ask(question: Ask, generation: number | null, pause = 0): Awaited {
  const key = keptBy(question, generation);
  const known = kept.get(key) ?? begun(question, key, pause);
  known.wanted += 1;
  return {
    answer: known.answer,
    leave: () => {
      known.wanted -= 1;
      if (known.wanted > 0 || known.settled) return;
      // Whoever takes over asks in the same turn.
      setTimeout(() => known.wanted === 0 && known.leaving.abort());
    },
  };
}

function begun(question: Ask, key: string, pause: number): Kept {
  const leaving = new AbortController();
  const answer = rest(pause, leaving.signal).then(() => fetched(question, leaving.signal));
  const made: Kept = { answer, wanted: 0, settled: false, leaving };
  const drop = (): boolean => kept.get(key) === made && kept.delete(key);
  leaving.signal.addEventListener("abort", drop);
  answer.then(() => (made.settled = true), drop);
  kept.set(key, made);
  while (kept.size > 300) kept.delete(kept.keys().next().value!);
  return made;
}

/** Ask anew next time. */
export function forget(question: Ask, generation: number | null): void {
  kept.delete(keptBy(question, generation));
}

function keptBy(question: Ask, generation: number | null): string {
  return `${identity.value?.token.slice(-20)} ${generation} ${keyOf(question)}`;
}

/** Ask now, whatever is known. */
export async function fetched(question: Ask, leaving?: AbortSignal): Promise<Answer> {
  const response = await send(question, "application/json", undefined, leaving);
  return {
    body: response.status === 204 ? null : await response.json(),
    generation: Number(response.headers.get("X-Generation")) || null,
    completeThrough: response.headers.get("X-Complete-Through"),
  };
}

/**
 * The response to a question, an exception if it is a problem.
 *
 * What is left of the token's minute is heeded: without any, a question waits for its turn instead of being refused.
 * `signal` ends the transfer, `leaving` only the waiting: what has been sent counts, and its answer is kept.
 */
export async function send(question: Ask, accept = "application/json", signal?: AbortSignal, leaving = signal): Promise<Response> {
  const method = question.method ?? (question.body === undefined ? "GET" : "POST");
  const who = identity.value;
  const began = Date.now();
  for (let attempt = 0; ; attempt++) {
    for (let left = 1; (left = heldUntil.value - Date.now()) > 0; ) await rest(left + Math.random() * 300, leaving);
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
    heed(response);
    if (response.ok) return response;
    const wait = Number(response.headers.get("Retry-After"));
    if (response.status === 429 && wait > 0 && Date.now() - began < LONGEST_HELD_SECONDS * 1000) continue;
    if (response.status === 503 && method === "GET" && wait > 0 && wait <= 65 && attempt < MOST_RETRIES) {
      await rest(wait * 1000 + Math.random() * 500, leaving);
      continue;
    }
    const found = await problem(response);
    // Of several questions that are refused only the first one signs out, and never somebody else.
    if (found.status === 401 && who !== undefined && identity.value === who) signOut(found.message);
    throw found;
  }
}

/** Hold what is still to be asked when the minute of this token is used up. */
function heed(response: Response): void {
  const reset = Number(response.headers.get(response.status === 429 ? "Retry-After" : "RateLimit-Reset"));
  if (response.status !== 429 && response.headers.get("RateLimit-Remaining") !== "0") return;
  if (reset > 0) heldUntil.value = Math.max(heldUntil.value, Date.now() + reset * 1000);
}

/** Wait, unless nobody does any more. */
function rest(milliseconds: number, leaving?: AbortSignal): Promise<void> {
  if (milliseconds <= 0 && !leaving?.aborted) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const end = (): void => reject(leaving?.reason);
    if (leaving?.aborted) return end();
    setTimeout(() => (leaving?.removeEventListener("abort", end), resolve()), milliseconds);
    leaving?.addEventListener("abort", end, { once: true });
  });
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
