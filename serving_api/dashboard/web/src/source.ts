/** Answers for what is on the page, kept on the screen while newer ones come. */

import { useComputed } from "@preact/signals";
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { type Answer, type Ask, ask, forget, keyOf, type Problem } from "./api";
import { type Asked, question } from "./data";
import { returned } from "./live";
import type { Page } from "./spec";
import { generation, pause } from "./state";

export interface Found {
  answer: Answer | undefined;
  problem: Problem | undefined;
  /** Whether what is shown answers an earlier question. */
  waiting: boolean;
  retry: () => unknown;
}

export interface Context extends Asked {
  page: Page;
}

export const PageContext = createContext<Context | null>(null);

export function usePage(): Context {
  const found = useContext(PageContext);
  if (found === null) throw new Error("outside of a page");
  return found;
}

interface Held {
  key: string;
  answer?: Answer;
  problem?: Problem;
}

/** The answer to a question; undefined without one. */
export function useAnswer(asked: Ask | undefined): Found {
  const current = useComputed(() => generation.value).value;
  const [attempt, setAttempt] = useState(0);
  const [held, setHeld] = useState<Held>({ key: "" });
  const key = asked === undefined ? "" : `${current} ${keyOf(asked)} ${attempt}`;
  useEffect(() => {
    if (asked === undefined) return undefined;
    let gone = false;
    const { answer, leave } = ask(asked, current, pause());
    answer.then(
      (answer) => !gone && setHeld({ key, answer }),
      (problem: Problem) => !gone && setHeld((before) => ({ key, problem, ...(before.answer && { answer: before.answer }) })),
    );
    return () => {
      gone = true;
      leave();
    };
  }, [key]);
  const settled = held.key === key;
  const retry = (): void => {
    if (asked !== undefined) forget(asked, current);
    setAttempt(attempt + 1);
  };
  const back = useComputed(() => returned.value).value;
  useEffect(() => {
    if (settled && held.problem !== undefined && (held.problem.status === 0 || held.problem.status >= 500)) retry();
  }, [back]);
  return {
    answer: held.answer,
    problem: settled ? held.problem : undefined,
    waiting: asked !== undefined && !settled,
    // When the server did not answer one, it did not answer the others.
    retry: () => (held.problem?.status === 0 ? (returned.value += 1) : retry()),
  };
}

/** The answer of one of the page's sources. */
export function useSource(name: string, before = false, wanted = true): Found {
  const context = usePage();
  const source = context.page.sources[name];
  return useAnswer(source === undefined || !wanted ? undefined : question(source, context, before));
}

