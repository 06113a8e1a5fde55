import type { HostBridge } from '../app/api/contract.ts';
import type { ErrorEnvelope } from '../core/errors.ts';
import { defaultSettings, type Settings } from '../app/api/settings.ts';

/** The settings. A change shows at once and is stored by the application. */
export class SettingsState {
  readonly #bridge: HostBridge;
  current = $state.raw<Settings>(defaultSettings);

  constructor(bridge: HostBridge) {
    this.#bridge = bridge;
  }

  /** Reads what was chosen before. Returns what was wrong with it, for the person to know. */
  async load(): Promise<ErrorEnvelope | null> {
    const { settings, problem } = await this.#bridge.call('settings.get', null);
    this.current = settings;
    return problem;
  }

  /** Shows a choice that is still being made. */
  show(changed: Partial<Settings>): void {
    this.current = { ...this.current, ...changed };
  }

  /** @throws AppError when the change could not be kept; it still holds for this window. */
  async change(changed: Partial<Settings>): Promise<void> {
    this.show(changed);
    await this.#bridge.call('settings.set', changed);
  }
}
