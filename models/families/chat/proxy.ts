/** Both spellings are in use; Node prefers the first. */
const variables = ['no_proxy', 'NO_PROXY'] as const;

/**
 * Has requests to a host of this computer go to it, past any proxy of the environment (Node uses
 * one where NODE_USE_ENV_PROXY is set). A proxy may run elsewhere: it would get the photos, and
 * would look for the server on its own computer.
 * @param hostname as a URL has it
 */
export function passProxies(hostname: string, environment = process.env): void {
  const given = environment[variables[0]] ?? environment[variables[1]] ?? '';
  const hosts = given.split(/[\s,]+/).filter((host) => host !== '');
  if (hosts.includes('*') || hosts.includes(hostname)) return;
  for (const name of variables) environment[name] = [...hosts, hostname].join(',');
}
