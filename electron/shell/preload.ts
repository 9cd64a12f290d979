/**
 * Runs in the sandboxed page before its own scripts: offers one function and passes the port on. It sees no data.
 * Bundled to one CommonJS file, because a sandboxed preload cannot be an ES module.
 */
import { contextBridge, ipcRenderer } from 'electron';
import { bridgeKey, type DesktopBridge, portChannel } from '../../shared/bridge.ts';

const bridge: DesktopBridge = { requestPort: () => ipcRenderer.send(portChannel) };
contextBridge.exposeInMainWorld(bridgeKey, bridge);

ipcRenderer.on(portChannel, (event) => {
  window.postMessage(portChannel, window.location.origin, [...event.ports]);
});
