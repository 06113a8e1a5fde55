import { mount } from 'svelte';
import { connectHost } from '../app/api/host-bridge.ts';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import { Studio } from './studio.svelte.ts';
import { Theme } from './theme.svelte.ts';

const studio = new Studio(connectHost());
const theme = new Theme();
mount(App, { target: document.querySelector('#app')!, props: { studio, theme } });
void studio.start();
