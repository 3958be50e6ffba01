/** What is published while the page is open, told by the server. */

import { signal } from "@preact/signals";
import { send } from "./api";
import { identity } from "./session";
import { completeThrough, generation } from "./state";

export type Connection = "connecting" | "live" | "away";
export const connection = signal<Connection>("connecting");
/** When the last publication came in while we listened. */
export const updated = signal<number>(0);

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** Listen until told to stop; comes back whenever the stream ends. */
export function listen(): () => void {
  const ended = new AbortController();
  void follow(ended.signal);
  return () => ended.abort();
}

async function follow(ended: AbortSignal): Promise<void> {
  for (let wait = FIRST_WAIT; !ended.aborted && identity.value !== undefined; ) {
    try {
      // EventSource cannot send a token, so the stream is read by hand.
      const response = await send({ path: "/api/v1/live" }, "text/event-stream", ended);
      connection.value = "live";
      wait = FIRST_WAIT;
      await each(response.body!, take);
    } catch {
      connection.value = "away";
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

async function each(stream: ReadableStream<Uint8Array>, hear: (event: string) => void): Promise<void> {
  const reader = stream.pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>).getReader();
  for (let rest = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop()!;
    events.forEach(hear);
  }
}

function take(event: string): void {
  const data = event.split("\n").find((line) => line.startsWith("data: "));
  if (data === undefined) return;
  const said = JSON.parse(data.slice(6)) as { generation: number; complete_through: string | null };
  if (generation.value !== null && said.generation !== generation.value) updated.value = Date.now();
  completeThrough.value = said.complete_through;
  generation.value = said.generation;
}
