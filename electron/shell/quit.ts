/** Ends the application in order: the engine is closed before the process goes. Runners go on without it. */
import type { App } from 'electron';

/** The part of the engine that is closed. */
interface Disposable {
  dispose(): Promise<void>;
}

export function setupQuit(app: Pick<App, 'on' | 'quit' | 'exit'>, engine: Promise<Disposable>): void {
  let closing = false;
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', (event) => {
    if (closing) return;
    closing = true;
    event.preventDefault();
    engine
      .then((opened) => opened.dispose())
      .then(
        () => app.exit(0),
        () => app.exit(1),
      );
  });
}
