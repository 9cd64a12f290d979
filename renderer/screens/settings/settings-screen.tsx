/** `#/settings`: who is connected and how, which repositories, how the panel looks, where things are kept. */
import { PageHeader } from '../../components/page-header.tsx';
import { AboutCard } from './about-card.tsx';
import { AppearanceCard } from './appearance-card.tsx';
import { ConnectionsCard } from './connections-card.tsx';
import { RepositoriesCard } from './repositories-card.tsx';
import styles from './settings.module.css';

export function SettingsScreen() {
  return (
    <>
      <PageHeader documentTitle="Settings" title="Settings" />
      <div className={styles.screen}>
        <ConnectionsCard />
        <RepositoriesCard />
        <AppearanceCard />
        <AboutCard />
      </div>
    </>
  );
}
