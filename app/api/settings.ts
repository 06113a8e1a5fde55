import { z } from 'zod';
import { longestPersonName } from '../../core/project/person.ts';
import { parseRedisAddress } from '../../core/redis-address.ts';

/**
 * Settings of the interface for all projects of this machine. Every setting has a default, so that
 * the file of an older version stays valid.
 */

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];
export const languageChoices = ['system', ...languages] as const;
export type LanguageChoice = (typeof languageChoices)[number];

/**
 * The first of a person's languages that there are texts in, else English. Every kind of Chinese
 * is answered in the simplified script, the only one there is here.
 * @param ofSystem what the system prefers, as BCP 47 tags
 */
export function languageOf(choice: LanguageChoice, ofSystem: readonly string[]): Language {
  if (choice !== 'system') return choice;
  for (const tag of ofSystem) {
    const [primary] = tag.toLowerCase().split('-');
    if (primary === 'zh') return 'zh-CN';
    if (primary === 'en') return 'en';
  }
  return 'en';
}

export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

/** The meaning of the colour of a region. */
export const colorings = ['category', 'instance'] as const;
export type Coloring = (typeof colorings)[number];

export const imageViews = ['list', 'grid'] as const;
export type ImageView = (typeof imageViews)[number];

/** Tools whose keys a person's hands may know. */
export const keyProfiles = ['default', 'labelme', 'x-anylabeling', 'cvat', 'label-studio'] as const;
export type KeyProfile = (typeof keyProfiles)[number];

export const settingsSchema = z.object({
  language: z.enum(languageChoices).default('system'),
  theme: z.enum(themeChoices).default('system'),
  colorBy: z.enum(colorings).default('category'),
  /** Of the fill of a region, 0 to 1; outlines are always opaque. */
  fillOpacity: z.number().min(0).max(1).default(0.36),
  /** Whether categories differ in their pattern too, for those who see colours alike. */
  hasPatterns: z.boolean().default(false),
  /** Whether the names of categories are written beside regions. */
  hasNameTags: z.boolean().default(false),
  /** Widths of the panels beside the canvas in CSS pixels; null: as the window's size suggests. */
  imagePanelPx: z.number().int().min(100).max(2000).nullable().default(null),
  sidePanelPx: z.number().int().min(100).max(2000).nullable().default(null),
  /** Whether the images are listed by name, or as pictures. */
  imageView: z.enum(imageViews).default('list'),
  hasImagePanel: z.boolean().default(true),
  hasSidePanel: z.boolean().default(true),
  /** Where the row of a proposal is: along a side of the canvas, or where it was put. */
  proposalBar: z.enum(['bottom', 'top', 'free']).default('bottom'),
  /** Whether an image counts as done once a region on it is accepted or drawn. */
  marksDone: z.boolean().default(false),
  /**
   * Name of the person, for history and reviews; empty: they would not say; null: nobody has asked
   * yet.
   */
  person: z.string().max(longestPersonName).nullable().default(null),
  /** Whose release notes were offered last. */
  seenVersion: z.string().default(''),
  hasSeenTour: z.boolean().default(false),
  /** Folders that were chosen last, the newest first, and those that the person keeps. */
  recentFolders: z.array(z.string()).readonly().default([]),
  favouriteFolders: z.array(z.string()).readonly().default([]),
  /** Redis server whose workers label images, and where they get photos; empty: none. */
  workersRedis: z
    .string()
    .max(500)
    .refine((address) => address === '' || parseRedisAddress(address) !== null, {
      error: 'Expected redis://HOST:PORT or rediss://HOST:PORT without a password',
    })
    .default(''),
  workersListen: z.string().max(300).default(''),
  keyProfile: z.enum(keyProfiles).default('default'),
  /** The keys that were chosen for single commands, by the command's id. */
  keys: z.record(z.string(), z.array(z.string().min(1)).readonly()).default({}),
});
export type Settings = z.output<typeof settingsSchema>;

export const defaultSettings: Settings = settingsSchema.parse({});

const fieldsWithoutDefaults = Object.entries(settingsSchema.shape).map(
  ([name, field]) => [name, field.unwrap().optional()] as const,
);

/** Some of the settings: what a change leaves out stays as it is, and takes no default. */
export const settingsChangeSchema = z.object(
  Object.fromEntries(fieldsWithoutDefaults),
) as unknown as z.ZodType<Partial<Settings>>;
