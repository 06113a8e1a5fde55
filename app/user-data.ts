import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The folder that holds a person's models, cache and list of recent projects: `PIXELSAIL_HOME`,
 * else the platform's convention (XDG, Application Support, %APPDATA%).
 */
export function userDataFolder(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (environment.PIXELSAIL_HOME) return resolve(environment.PIXELSAIL_HOME);
  switch (platform) {
    case 'win32':
      return join(environment.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Pixel-SAIL Studio');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Pixel-SAIL Studio');
    default:
      return join(environment.XDG_DATA_HOME ?? join(home, '.local', 'share'), 'pixel-sail-studio');
  }
}
