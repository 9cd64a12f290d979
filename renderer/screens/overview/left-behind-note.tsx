/** That something of ours is left behind, with the way to it. */
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { useBoardList } from '../../store/session.ts';
import { leftBehindSentence } from '../runners/left-behind.ts';
import styles from './left-behind-note.module.css';

export function LeftBehindNote() {
  const ghosts = useBoardList((board) => Object.values(board.ghosts));
  const leftovers = useBoardList((board) => Object.values(board.leftovers));
  const sentence = leftBehindSentence(ghosts, leftovers);
  if (sentence === null) return null;
  return (
    <Card title="Left behind">
      <div className={styles.note}>
        <p className="muted">{sentence}</p>
        <ButtonLink size="small" href="#/runners?show=left-behind">
          See what is left
        </ButtonLink>
      </div>
    </Card>
  );
}
