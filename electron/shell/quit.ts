/** Ends the application in order: asks first while jobs run, and closes the engine before the process goes. */
import type { App, BrowserWindow, Dialog } from 'electron';
import type { Board } from '../../shared/board.ts';
import { jobsAtWork } from '../quitting/jobs.ts';
import type { Quitting } from '../quitting/quitting.ts';
import { answerOf, quitQuestion } from './quit-dialog.ts';

/** The part of the engine that its end needs. */
export interface EndingEngine {
  board: { current(): Board };
  quitting: Pick<Quitting, 'quit'>;
  dispose(): Promise<void>;
}

export interface Quit {
  /** Quits without a question. Runners that still work go on. */
  end(): void;
}

export function setupQuit(options: {
  app: Pick<App, 'on' | 'quit' | 'exit'>;
  dialog: Pick<Dialog, 'showMessageBox'>;
  window: BrowserWindow;
  engine: Promise<EndingEngine>;
}): Quit {
  const { app, dialog, window, engine } = options;
  let opened: EndingEngine | null = null;
  let decided = false;
  let asking = false;
  let closing = false;
  engine.then(
    (ready) => {
      opened = ready;
    },
    () => {},
  );

  const ask = async ({ board, quitting }: EndingEngine): Promise<void> => {
    const { panel, ...rest } = board.current();
    asking = true;
    const { response } = await dialog
      .showMessageBox(window, quitQuestion(jobsAtWork(rest), panel.settings.drainBoundMs))
      .finally(() => {
        asking = false;
      });
    const how = answerOf(response);
    // The engine tells when it is ready; the window stays until then and shows what is waited for.
    if (how) quitting.quit(how);
  };

  /** Holds the event back where there is something to ask. */
  const askFirst = (event: { preventDefault(): void }): void => {
    if (decided || !opened || jobsAtWork(opened.board.current()) === 0) return;
    event.preventDefault();
    if (!asking) void ask(opened);
  };

  window.on('close', askFirst);
  app.on('before-quit', askFirst);
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    engine
      .then((ready) => ready.dispose())
      .then(
        () => app.exit(0),
        () => app.exit(1),
      );
  });
  return {
    end() {
      decided = true;
      app.quit();
    },
  };
}
