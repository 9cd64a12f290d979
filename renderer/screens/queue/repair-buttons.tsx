/** What would help a job that waits, the best first: reason and repair side by side, the same on every screen. */
import { Ellipsis, FilePen, Plus, SquareArrowOutUpRight } from 'lucide-react';
import { useState } from 'react';
import type { Repair } from '../../../shared/model.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { Menu, type MenuAction } from '../../components/menu.tsx';
import { plainSentence } from '../../components/sentence-parts.ts';
import { openDialog } from '../../store/dialogs.ts';
import { useBoardReader, useClient } from '../../store/session.ts';
import { doRepair, isCall, repairHref } from './repair-work.ts';

/** More than these stand in a menu. */
const mostButtons = 2;

/** @param subject what is repaired, for whoever hears a button without what stands around it */
export function RepairButtons({ repairs, subject }: { repairs: readonly Repair[]; subject: string }) {
  const carryOut = useCarryOut();
  if (repairs.length === 0) return null;
  const shown = repairs.length === mostButtons + 1 ? repairs : repairs.slice(0, mostButtons);
  const more = repairs.slice(shown.length);
  return (
    <>
      {shown.map((repair, index) => (
        <RepairButton key={keyOf(repair)} repair={repair} subject={subject} quiet={index > 0} />
      ))}
      {more.length > 0 && (
        <Menu
          trigger={<IconButton icon={Ellipsis} label={`More that would help: ${subject}`} size="small" />}
          actions={more.map<MenuAction>((repair) => ({
            label: plainSentence(repair.title),
            icon: iconOf(repair),
            run: () => void carryOut(repair),
          }))}
        />
      )}
    </>
  );
}

const keyOf = (repair: Repair): string => JSON.stringify(repair);

function iconOf({ kind }: Repair) {
  if (kind === 'deploy' || kind === 'add-runners') return Plus;
  if (kind === 'open-page') return SquareArrowOutUpRight;
  return kind === 'patch' ? FilePen : undefined;
}

function RepairButton({ repair, subject, quiet }: { repair: Repair; subject: string; quiet: boolean }) {
  const carryOut = useCarryOut();
  const [working, setWorking] = useState(false);
  const href = repairHref(repair);
  const title = plainSentence(repair.title);
  const look = { size: 'small', kind: quiet ? 'quiet' : 'secondary', icon: iconOf(repair) } as const;
  const about = <span className="visually-hidden">: {subject}</span>;
  if (href !== null) {
    const outside = href.startsWith('#') ? {} : { target: '_blank', rel: 'noreferrer' };
    return (
      <ButtonLink {...look} href={href} {...outside}>
        {title}
        {about}
      </ButtonLink>
    );
  }
  const press = async (): Promise<void> => {
    setWorking(true);
    await carryOut(repair);
    setWorking(false);
  };
  return (
    <Button {...look} busy={working} onClick={() => void press()}>
      {title}
      {about}
    </Button>
  );
}

/** Does any repair: goes to its place, opens its dialog, or calls the engine. */
function useCarryOut(): (repair: Repair) => Promise<void> {
  const client = useClient();
  const readBoard = useBoardReader();
  return async (repair) => {
    const href = repairHref(repair);
    const board = readBoard();
    if (repair.kind === 'patch') openDialog({ kind: 'patch', patch: repair });
    else if (href?.startsWith('#')) window.location.hash = href;
    else if (href !== null) window.open(href, '_blank', 'noreferrer');
    else if (isCall(repair) && board !== null) await doRepair(repair, client, board);
  };
}
