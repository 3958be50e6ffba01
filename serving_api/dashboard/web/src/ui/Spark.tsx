/** The small line in a tile; the numbers are in the charts below. */

export function Spark({ values }: { values: (number | null)[] }) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return <div class="spark" />;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const [width, height, range] = [120, 28, high - low || 1];
  const points = values.flatMap((value, place) =>
    value === null ? [] : [`${((place / (values.length - 1)) * width).toFixed(1)},${(height - 2 - ((value - low) / range) * (height - 4)).toFixed(1)}`],
  );
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <polygon points={`0,${height} ${points.join(" ")} ${width},${height}`} />
      <polyline points={points.join(" ")} vector-effect="non-scaling-stroke" />
    </svg>
  );
}
