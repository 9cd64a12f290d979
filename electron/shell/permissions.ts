/** What the page may do beside drawing: put text on the clipboard when a person presses *Copy*. Nothing else. */
import type { Session } from 'electron';

type PermissionSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
>;

/** Electron's name for writing plain text to the clipboard, which Chromium ties to a press. */
const allowed = 'clipboard-sanitized-write';

export function setupPermissions(session: PermissionSession): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(permission === allowed));
  session.setPermissionCheckHandler((_contents, permission) => permission === allowed);
  session.setDevicePermissionHandler(() => false);
}
