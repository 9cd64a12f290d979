/** The way between screens: a column at the side, on narrow screens a bar above and tabs below. */
import {
  Activity,
  Layers,
  ListOrdered,
  type LucideIcon,
  Plus,
  ScrollText,
  Search,
  Server,
  Settings,
  Workflow,
} from 'lucide-react';
import { useLocation } from 'wouter';
import { formatCount } from '../../shared/format.ts';
import { IconButton } from '../components/button.tsx';
import { classNames } from '../components/class-names.ts';
import { Kbd, paletteChord } from '../components/kbd.tsx';
import { openDialog } from '../store/dialogs.ts';
import { useBoardReady } from '../store/session.ts';
import { Logo } from './logo.tsx';
import styles from './navigation.module.css';
import { RepositoryStatus } from './repository-status.tsx';
import { ThemeButton } from './theme-button.tsx';
import { useCounts } from './use-counts.ts';
import { useHeldPools } from './use-held-pools.ts';

interface Place {
  path: string;
  title: string;
  icon: LucideIcon;
  /** Screens that belong to it although their paths begin with another one. */
  also?: string;
  /** Left out of the tabs of a narrow screen, where other screens and the palette lead to it. */
  wide?: boolean;
  /** A number worth a glance, and what it counts. */
  count?: { value: number; words: string; tone: 'plain' | 'wait' | 'fail' };
}

export function Navigation() {
  const ready = useBoardReady();
  return (
    <>
      <header className={styles.bar}>
        <Brand />
        <FindButton />
        <IconButton icon={Search} label="Find and do" className={styles.find} onClick={openPalette} />
        <span className={styles.barTheme}>
          <ThemeButton />
        </span>
      </header>
      <nav className={styles.nav} aria-label="Screens">
        <div className={styles.column}>
          <Brand />
          <FindButton />
        </div>
        {ready ? <CountedPlaces /> : <Places counts={nothing} held={0} />}
        <div className={styles.foot}>
          {ready && <RepositoryStatus />}
          <ThemeButton />
        </div>
      </nav>
    </>
  );
}

const nothing = { waiting: 0, pressing: false, runners: 0, failed: 0 };

const openPalette = (): void => openDialog({ kind: 'palette' });

function Brand() {
  return (
    <a className={styles.brand} href="#/">
      <Logo />
      Trackside
    </a>
  );
}

function FindButton() {
  return (
    <button type="button" className={styles.search} onClick={openPalette}>
      <Search aria-hidden="true" />
      <span>Find and do</span>
      <Kbd>{paletteChord}</Kbd>
    </button>
  );
}

function CountedPlaces() {
  return <Places counts={useCounts()} held={useHeldPools()} />;
}

function Places({ counts, held: heldPools }: { counts: ReturnType<typeof useCounts>; held: number }) {
  const waiting = { value: counts.waiting, words: formatCount(counts.waiting, 'job waits', 'jobs wait') };
  const held = { value: heldPools, words: formatCount(heldPools, 'pool held back', 'pools held back') };
  const runners = counts.failed > 0 ? `${counts.failed} failed` : formatCount(counts.runners, 'runner');
  const places: Place[] = [
    { path: '/', title: 'Overview', icon: Activity },
    {
      path: '/queue',
      title: 'Queue',
      icon: ListOrdered,
      count: { ...waiting, tone: counts.pressing ? 'wait' : 'plain' },
    },
    { path: '/runs', also: '/workflows', title: 'Workflows', icon: Workflow },
    {
      path: '/runners',
      title: 'Runners',
      icon: Server,
      count: {
        value: counts.failed || counts.runners,
        words: runners,
        tone: counts.failed > 0 ? 'fail' : 'plain',
      },
    },
    { path: '/pools', title: 'Pools', icon: Layers, count: { ...held, tone: 'wait' } },
    { path: '/deploy', title: 'Deploy', icon: Plus, wide: true },
    { path: '/history', title: 'History', icon: ScrollText, wide: true },
    { path: '/settings', title: 'Settings', icon: Settings },
  ];
  const [path] = useLocation();
  return (
    <ul className={styles.places}>
      {places.map((place) => (
        <li key={place.path} className={place.wide ? styles.wide : undefined}>
          <PlaceLink place={place} current={isAt(path, place.path) || isAt(path, place.also)} />
        </li>
      ))}
    </ul>
  );
}

function isAt(path: string, place: string | undefined): boolean {
  if (place === undefined) return false;
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`);
}

function PlaceLink({ place, current }: { place: Place; current: boolean }) {
  const { path, title, icon: Icon, count } = place;
  return (
    <a className={styles.place} href={`#${path}`} aria-current={current ? 'page' : undefined}>
      <Icon aria-hidden="true" />
      <span>{title}</span>
      {count !== undefined && count.value > 0 && (
        <span className={classNames(styles.count, styles[count.tone])}>
          <span aria-hidden="true">{count.value.toLocaleString('en')}</span>
          <span className="visually-hidden">, {count.words}</span>
        </span>
      )}
    </a>
  );
}
