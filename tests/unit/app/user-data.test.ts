import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { userDataFolder } from '../../../app/user-data.ts';

test('PIXELSAIL_HOME comes first on every platform', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(userDataFolder({ PIXELSAIL_HOME: '/data' }, platform, '/home/ada')).toBe(
      resolve('/data'),
    );
  }
});

test('each platform has its convention', () => {
  expect(userDataFolder({}, 'linux', '/home/ada')).toBe(
    join('/home/ada', '.local', 'share', 'pixel-sail-studio'),
  );
  expect(userDataFolder({ XDG_DATA_HOME: '/xdg' }, 'linux', '/home/ada')).toBe(
    join('/xdg', 'pixel-sail-studio'),
  );
  expect(userDataFolder({}, 'darwin', '/Users/ada')).toContain('Application Support');
  expect(userDataFolder({ APPDATA: '/roaming' }, 'win32', '/ada')).toBe(
    join('/roaming', 'Pixel-SAIL Studio'),
  );
});
