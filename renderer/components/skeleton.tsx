/** The place of something that has not come yet; it keeps the page from jumping when it does. */
import styles from './skeleton.module.css';

export function Skeleton({
  width = '100%',
  height = 14,
}: {
  width?: number | string;
  height?: number | string;
}) {
  return <span className={styles.skeleton} style={{ width, height }} aria-hidden="true" />;
}

/** A screen that is still being fetched. */
export function ScreenSkeleton() {
  return (
    <div className={styles.screen} role="status" aria-label="Loading">
      <Skeleton width="46%" height={30} />
      <Skeleton width="30%" height={16} />
      <Skeleton height={220} />
    </div>
  );
}
