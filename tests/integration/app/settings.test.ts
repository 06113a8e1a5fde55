import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defaultSettings,
  settingsChangeSchema,
  settingsSchema,
  type Settings,
} from '../../../app/api/settings.ts';
import { SettingsFile } from '../../../app/features/settings/settings-file.ts';

const chosen: Settings = { ...defaultSettings, language: 'zh-CN', theme: 'light' };

describe('the Redis server of the settings', () => {
  it.each(['', 'redis://HOST:6379', 'rediss://me@host/2'])('may be "%s"', (workersRedis) => {
    expect(settingsSchema.parse({ workersRedis })).toMatchObject({ workersRedis });
  });

  it.each(['redis://:secret@host', 'redis://me:secret@host', 'redis://host?password=secret'])(
    'is not %s, whose password would be stored',
    (workersRedis) => {
      const parsed = settingsSchema.safeParse({ workersRedis });
      expect(parsed.error?.issues).toMatchObject([{ path: ['workersRedis'] }]);
      expect(parsed.error?.message).toContain('without a password');
    },
  );
});

describe('settings', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'settings-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  it('are the defaults before anything was chosen', async () => {
    const found = await new SettingsFile(join(home, 'new')).read();
    expect(found).toEqual({ settings: defaultSettings, problem: null });
  });

  it('are found again by the next start', async () => {
    const folder = join(home, 'made', 'when needed');
    await new SettingsFile(folder).change(chosen);
    const found = await new SettingsFile(folder).read();
    expect(found).toEqual({ settings: chosen, problem: null });
  });

  it('end as the last of many quick changes', async () => {
    const file = new SettingsFile(home);
    const themes = ['dark', 'light', 'system', 'dark', 'light'] as const;
    await Promise.all(themes.map((theme) => file.change({ theme })));
    expect((await file.read()).settings.theme).toBe('light');
  });

  it('that two windows change at once are both kept', async () => {
    const file = new SettingsFile(home);
    await file.change(chosen);
    const changes = [{ theme: 'dark' }, { fillOpacity: 0.5 }, { person: 'Mei' }] as const;
    await Promise.all(changes.map((changed) => file.change(changed)));
    const after = { ...chosen, theme: 'dark', fillOpacity: 0.5, person: 'Mei' };
    expect((await file.read()).settings).toEqual(after);
  });

  it('that a change leaves out take no default', () => {
    expect(settingsChangeSchema.parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
    const tooMuch = settingsChangeSchema.safeParse({
      fillOpacity: 2,
      workersRedis: 'redis://a:b@c',
    });
    expect(tooMuch.error?.issues.map(({ path }) => path)).toEqual([
      ['fillOpacity'],
      ['workersRedis'],
    ]);
  });

  it('take the defaults for what an older version did not know', async () => {
    await writeFile(join(home, 'settings.json'), '{"theme":"light"}');
    const found = await new SettingsFile(home).read();
    expect(found).toEqual({ settings: { ...defaultSettings, theme: 'light' }, problem: null });
  });

  it.each(['{"theme":"lig', '{"theme":"pink"}', '[]'])(
    'are put aside when they are %s, and the person is told',
    async (broken) => {
      await writeFile(join(home, 'settings.json'), broken);
      const file = new SettingsFile(home);
      const { settings, problem } = await file.read();
      expect(settings).toEqual(defaultSettings);
      expect(problem?.message).toContain('settings.unreadable.json');
      expect(await readFile(join(home, 'settings.unreadable.json'), 'utf8')).toBe(broken);
      expect(await file.read()).toEqual({ settings: defaultSettings, problem: null });
    },
  );
});
