import { mount } from 'svelte';
import { connectHost } from '../app/api/host-bridge.ts';
import App from './App.svelte';
import { connectDesktop } from './desktop.svelte.ts';
import './styles/tokens.css';
import './styles/base.css';
import { Studio } from './studio.svelte.ts';

const studio = new Studio(connectHost());
if (studio.bridge.desktop) connectDesktop(studio, studio.bridge.desktop);
mount(App, { target: document.querySelector('#app')!, props: { studio } });
void studio.start();
