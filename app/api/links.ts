/**
 * Sites that a page may open in the person's own browser: where models, papers and licences lie.
 */
const sites: ReadonlySet<string> = new Set([
  'arxiv.org',
  'creativecommons.org',
  'github.com',
  'huggingface.co',
  'opensource.org',
  'www.apache.org',
]);

/**
 * Whether a link is opened outside of the application; any other is shown as text and leads
 * nowhere.
 */
export function isOpenedOutside(link: string): boolean {
  try {
    const { protocol, hostname, username, password, port } = new URL(link);
    return protocol === 'https:' && sites.has(hostname) && !username && !password && !port;
  } catch {
    return false; // No address at all.
  }
}
