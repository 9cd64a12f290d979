/** Light, dark, or as the system has it. */
import { Monitor, Moon, Sun } from 'lucide-react';
import { IconButton } from '../components/button.tsx';
import { type Theme, themes, useTheme } from '../store/theme.ts';

const looks = {
  system: { icon: Monitor, words: 'as the system has it' },
  light: { icon: Sun, words: 'light' },
  dark: { icon: Moon, words: 'dark' },
} as const;

export function ThemeButton() {
  const [theme, setTheme] = useTheme();
  const next: Theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const label = `Theme: ${looks[theme].words}. Change to ${looks[next].words}`;
  return <IconButton icon={looks[theme].icon} label={label} onClick={() => setTheme(next)} />;
}
