/** A canvas that ECharts draws on; the library is fetched while the page's frame is already on the screen. */

import { useEffect, useRef } from "preact/hooks";
import type { EChartsCoreOption, EChartsType } from "./echarts";

const library = import("./echarts");

export function Chart({ option, height, label }: { option: EChartsCoreOption; height: number; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef(option);
  latest.current = option;

  useEffect(() => {
    let gone = false;
    let resized: ResizeObserver | undefined;
    void library.then(({ init }) => {
      if (gone || box.current === null) return;
      chart.current = init(box.current, null, { renderer: "canvas" });
      chart.current.setOption(latest.current);
      // What is drawn can be read where it is drawn: a canvas tells nobody.
      Object.assign(box.current, { drawing: chart.current });
      box.current.dataset.drawn = "true";
      resized = new ResizeObserver(() => chart.current?.resize());
      resized.observe(box.current);
    });
    return () => {
      gone = true;
      resized?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);

  return <div class="chart" ref={box} style={{ minHeight: `${height}px` }} role="img" aria-label={label} />;
}
