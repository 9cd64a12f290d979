/** `#/settings`: who is connected and how, which repositories, what watching costs, who is told of what, how long things are kept, how it looks and ends. */
import { Power } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { openDialog } from '../../store/dialogs.ts';
import { AboutCard } from './about-card.tsx';
import { AppearanceCard } from './appearance-card.tsx';
import { BudgetCard } from './budget-card.tsx';
import { ConnectionsCard } from './connections-card.tsx';
import { KeepingCard } from './keeping-card.tsx';
import { NotificationsCard } from './notifications-card.tsx';
import { RepositoriesCard } from './repositories-card.tsx';
import styles from './settings.module.css';

export function SettingsScreen() {
  return (
    <>
      <PageHeader
        documentTitle="Settings"
        title="Settings"
        actions={
          <Button icon={Power} onClick={() => openDialog({ kind: 'quit' })}>
            Quit Trackside…
          </Button>
        }
      />
      <div className={styles.screen}>
        <ConnectionsCard />
        <RepositoriesCard />
        <BudgetCard />
        <NotificationsCard />
        <KeepingCard />
        <AppearanceCard />
        <AboutCard />
      </div>
    </>
  );
}
