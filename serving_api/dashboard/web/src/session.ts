/** The tokens that this tab holds; they are gone when it is closed, and never leave it but to the API. */

import { computed, signal } from "@preact/signals";

const KEY = "warehouse.tokens";

export interface Identity {
  token: string;
  subject: string;
  role: string;
  expires: number;
}

interface Held {
  identities: Identity[];
  active: number;
}

function remembered(): Held {
  try {
    const held = JSON.parse(sessionStorage.getItem(KEY) ?? "") as Held;
    return { identities: held.identities.filter((one) => one.expires * 1000 > Date.now()), active: held.active };
  } catch {
    return { identities: [], active: 0 };
  }
}

const held = signal<Held>(remembered());
export const identities = computed(() => held.value.identities);
export const identity = computed<Identity | undefined>(() => held.value.identities[held.value.active] ?? held.value.identities[0]);
/** Why somebody who was signed in is not any more. */
export const farewell = signal("");

function keep(identities: Identity[], active: number): void {
  held.value = { identities, active };
  sessionStorage.setItem(KEY, JSON.stringify(held.value));
}

/** What a token says of itself; only the API can tell whether it is true. */
export function read(token: string): Identity {
  const payload = token.split(".")[1];
  if (payload === undefined) throw new Error("This is no token: a token has three parts with dots between them.");
  let claims: { sub?: unknown; role?: unknown; exp?: unknown };
  try {
    const bytes = Uint8Array.from(atob(payload.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
    claims = JSON.parse(new TextDecoder().decode(bytes)) as typeof claims;
  } catch {
    throw new Error("This is no token: its middle part cannot be read.");
  }
  if (typeof claims.sub !== "string" || typeof claims.role !== "string" || typeof claims.exp !== "number") {
    throw new Error("The token lacks one of the claims sub, role and exp.");
  }
  if (claims.exp * 1000 <= Date.now()) throw new Error("The token has expired; ask for a new one.");
  return { token, subject: claims.sub, role: claims.role, expires: claims.exp };
}

/** Hold a token and go on as whom it names. */
export function signIn(token: string): void {
  const one = read(token.trim().replace(/^Bearer\s+/i, ""));
  const others = held.value.identities.filter((other) => other.subject !== one.subject || other.role !== one.role);
  farewell.value = "";
  keep([...others, one], others.length);
}

export function switchTo(one: Identity): void {
  keep(held.value.identities, held.value.identities.indexOf(one));
}

/** Let go of the token in use. */
export function signOut(why = ""): void {
  farewell.value = why;
  keep(held.value.identities.filter((one) => one !== identity.value), 0);
}

/** Take the token out of a link's fragment, so that it stays in no history and no bookmark. */
export function takeFromLink(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname + location.search);
  try {
    signIn(token);
  } catch (error) {
    farewell.value = String((error as Error).message);
  }
}
