/** Text not known yet: as wide as `ch` characters, as tall as the line it stands in, so that nothing moves when the text arrives. */
export function Skeleton({ ch, className = "" }: { ch: number; className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={`skeleton inline-block max-w-full overflow-hidden align-baseline leading-none ${className}`}
      style={{ width: `${String(ch)}ch` }}
    >
      &nbsp;
    </span>
  );
}
