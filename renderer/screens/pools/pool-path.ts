/** The address of a pool's page, behind the `#`. */
export function poolPath(poolId: string): string {
  return `/pools/${encodeURIComponent(poolId)}`;
}
