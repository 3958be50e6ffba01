import "./style.css";
import { useSignalEffect } from "@preact/signals";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fetched, type Problem } from "./api";
import { listen } from "./live";
import { identity, takeFromLink } from "./session";
import type { Dashboards } from "./spec";
import { completeThrough, dashboards, generation } from "./state";
import "./theme";
import { Shell } from "./ui/Shell";
import { SignIn } from "./ui/SignIn";

takeFromLink();

function App() {
  const who = identity.value;
  const [adding, setAdding] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    dashboards.value = null;
    setProblem(null);
    if (who === undefined) return undefined;
    let gone = false;
    fetched({ path: "/api/v1/dashboards" }).then(
      ({ body }) => {
        if (gone) return;
        const told = body as Dashboards;
        generation.value = told.generation;
        completeThrough.value = told.complete_through;
        dashboards.value = told;
      },
      (error: Problem) => !gone && setProblem(error),
    );
    return () => {
      gone = true;
    };
  }, [who, attempt]);
  useEffect(() => (who === undefined ? undefined : listen()), [who]);

  if (who === undefined || adding) return <SignIn cancel={who && (() => setAdding(false))} />;
  if (problem !== null) {
    return (
      <main class="sign-in">
        <div class="notice big" role="alert">
          <h1>{problem.title}</h1>
          <p>{problem.detail}</p>
          <button type="button" class="button primary" onClick={() => setAttempt(attempt + 1)}>Retry</button>
        </div>
      </main>
    );
  }
  if (dashboards.value === null) return <div class="starting" role="status" aria-label="Loading" />;
  return <Shell addToken={() => setAdding(true)} />;
}

/** For whoever measures: when the first dashboard had its numbers. */
function Ready() {
  useSignalEffect(() => {
    if (dashboards.value !== null) performance.mark("dashboards-known");
  });
  return null;
}

render(<><Ready /><App /></>, document.getElementById("app")!);
