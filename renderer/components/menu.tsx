/** A button that opens a list of actions. */
import { Menu as Base } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { classNames } from './class-names.ts';
import { Kbd } from './kbd.tsx';
import styles from './menu.module.css';

export interface MenuAction {
  label: string;
  icon?: LucideIcon;
  /** Shown beside it, e.g. `L`. */
  shortcut?: string;
  danger?: boolean;
  disabled?: boolean;
  /** A line above it. */
  separated?: boolean;
  run: () => void;
}

/** `trigger` is a button of ours; it is given the menu's attributes. The list belongs to the page's main part. */
export function Menu({ trigger, actions }: { trigger: ReactElement; actions: readonly MenuAction[] }) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal container={document.getElementById('main')}>
        <Base.Positioner className={styles.positioner} sideOffset={4} align="end" collisionPadding={8}>
          <Base.Popup className={styles.popup}>
            {actions.map((action) => (
              <MenuRow key={action.label} action={action} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function MenuRow({
  action: { label, icon: Icon, shortcut, danger, disabled, separated, run },
}: {
  action: MenuAction;
}) {
  return (
    <>
      {separated && <Base.Separator className={styles.separator} />}
      <Base.Item
        className={classNames(styles.item, danger && styles.danger)}
        disabled={disabled}
        onClick={run}
      >
        {Icon ? <Icon aria-hidden="true" /> : <span className={styles.noIcon} />}
        <span className={styles.label}>{label}</span>
        {shortcut && <Kbd>{shortcut}</Kbd>}
      </Base.Item>
    </>
  );
}
