/** How the panel looks in this browser. */
import { Card, CardBody } from '../../components/card.tsx';
import { RadioCards } from '../../components/choice.tsx';
import { type Theme, useTheme } from '../../store/theme.ts';

const choices: readonly { value: Theme; title: string; detail: string }[] = [
  { value: 'system', title: 'As the system', detail: 'Changes when it changes' },
  { value: 'light', title: 'Light', detail: 'Paper and ink' },
  { value: 'dark', title: 'Dark', detail: 'For the night shift' },
];

export function AppearanceCard() {
  const [theme, setTheme] = useTheme();
  return (
    <Card title="Appearance" note="kept in this browser">
      <CardBody>
        <RadioCards label="Theme" value={theme} onChange={setTheme} choices={choices} columns={3} />
      </CardBody>
    </Card>
  );
}
