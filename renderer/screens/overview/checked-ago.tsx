/** How long ago the forge was looked at: of several repositories the one that was not for longest. */
import { formatAgo } from '../../../shared/format.ts';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';

/** Nothing before the first look. */
export function CheckedAgo() {
  const checkedAt = useBoard((board) =>
    Object.values(board.repositories).reduce<number | null>(
      (oldest, row) => (row.checkedAt === null ? oldest : Math.min(oldest ?? row.checkedAt, row.checkedAt)),
      null,
    ),
  );
  return checkedAt === null ? null : <Ago at={checkedAt} />;
}

function Ago({ at }: { at: number }) {
  return <> · checked {formatAgo(useNow() - at)}</>;
}
