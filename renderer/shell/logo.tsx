/** A running track, seen from above. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="var(--accent)" aria-hidden="true">
      <rect x="1.2" y="4.2" width="21.6" height="15.6" rx="7.8" strokeWidth="2" />
      <rect x="6" y="9" width="12" height="6" rx="3" strokeWidth="2" />
    </svg>
  );
}
