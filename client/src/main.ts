/** Where the page begins: what this device remembers, its language, then the screens. */
import './app.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { recall } from './room/settings.svelte';

async function begin(): Promise<void> {
  const place = document.getElementById('app');
  if (place === null) throw new Error('index.html has no #app');
  await recall();
  mount(App, { target: place });
}

void begin();
