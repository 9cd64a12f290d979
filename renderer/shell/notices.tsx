/** What a person should know and can put away: one in full, several as a line that opens. */
import { ChevronRight, Info, TriangleAlert, X } from 'lucide-react';
import { useMemo } from 'react';
import { formatAgo, formatCount } from '../../shared/format.ts';
import type { Notice } from '../../shared/model.ts';
import { Button, IconButton } from '../components/button.tsx';
import { classNames } from '../components/class-names.ts';
import { useNow } from '../store/now.ts';
import { runAction } from '../store/run-action.ts';
import { useBoard, useClient } from '../store/session.ts';
import styles from './banners.module.css';
import { noticesByWeight, noticesLine } from './notice-order.ts';

export function Notices() {
  const table = useBoard((board) => board.notices);
  const notices = useMemo(() => noticesByWeight(Object.values(table)), [table]);
  const [first] = notices;
  if (first === undefined) return null;
  return (
    <aside
      className={classNames(styles.notices, first.kind === 'recovered' && styles.calm)}
      aria-label="Notices"
    >
      {notices.length === 1 ? <OneNotice notice={first} /> : <ManyNotices notices={notices} />}
    </aside>
  );
}

function OneNotice({ notice }: { notice: Notice }) {
  const Icon = notice.kind === 'recovered' ? Info : TriangleAlert;
  return (
    <div className={styles.notice}>
      <Icon aria-hidden="true" />
      <NoticeWords notice={notice} />
      <DismissButton notice={notice} />
    </div>
  );
}

function ManyNotices({ notices }: { notices: readonly Notice[] }) {
  const { notices: calls } = useClient();
  const dismissAll = (): void =>
    void runAction(() => Promise.all(notices.map(({ id }) => calls.dismiss({ noticeId: id }))), null);
  return (
    <details>
      <summary className={styles.notice}>
        <ChevronRight aria-hidden="true" />
        <p>
          <strong>{formatCount(notices.length, 'thing')} to know.</strong> {noticesLine(notices)}
        </p>
      </summary>
      <ul className={styles.list}>
        {notices.map((notice) => (
          <li key={notice.id} className={styles.notice}>
            <NoticeWords notice={notice} />
            <DismissButton notice={notice} />
          </li>
        ))}
      </ul>
      <div className={styles.all}>
        <Button size="small" onClick={dismissAll}>
          Dismiss all
        </Button>
      </div>
    </details>
  );
}

function NoticeWords({ notice: { message, remedy, at } }: { notice: Notice }) {
  return (
    <p>
      <strong>{message}</strong> {remedy} <NoticeAge at={at} />
    </p>
  );
}

const minuteMs = 60_000;

function NoticeAge({ at }: { at: number }) {
  return <span className="muted nowrap">{formatAgo(useNow(minuteMs) - at)}</span>;
}

function DismissButton({ notice: { id } }: { notice: Notice }) {
  const client = useClient();
  return (
    <IconButton
      icon={X}
      label="Dismiss"
      size="small"
      onClick={() => void runAction(() => client.notices.dismiss({ noticeId: id }), null)}
    />
  );
}
