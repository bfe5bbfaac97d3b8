import { render } from 'preact';
import { App } from './app';
import { recognize } from './state/identity';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/screens.css';

void recognize();
render(<App />, document.body);
