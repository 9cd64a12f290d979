/** What a program of the host needs to answer us, and nothing of what belongs to this process or its user's secrets. */
const needed = [
  'PATH',
  'HOME',
  'XDG_RUNTIME_DIR',
  'DBUS_SESSION_BUS_ADDRESS',
  'DBUS_SYSTEM_BUS_ADDRESS',
  'SystemRoot',
];

/** The environment for such a program: speaks English, knows where the host's services are. */
export function helperEnvironment(host: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const given = needed.flatMap((name) => (host[name] === undefined ? [] : [[name, host[name]] as const]));
  return { ...Object.fromEntries(given), LC_ALL: 'C' };
}
