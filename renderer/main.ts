import { mount } from 'svelte';
import { connectHost } from '../app/api/host-bridge.ts';
import App from './App.svelte';
import './styles/tokens.css';
import './styles/base.css';
import { Studio } from './studio.svelte.ts';

const studio = new Studio(connectHost());
mount(App, { target: document.querySelector('#app')!, props: { studio } });
void studio.start();
