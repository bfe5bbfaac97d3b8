<?php

declare(strict_types=1);

namespace OctoStore\Internal;

/**
 * Assembles the frames of an event stream from chunks that may be split anywhere.
 *
 * @internal
 */
final class FrameReader
{
    private string $rest = '';
    private string $event = '';
    private ?string $id = null;

    /** @var list<string> */
    private array $data = [];

    /** @return list<Frame> the frames that this chunk completes */
    public function read(string $piece): array
    {
        $lines = explode("\n", $this->rest . $piece);
        $this->rest = array_pop($lines);
        $frames = [];
        foreach ($lines as $line) {
            $line = str_ends_with($line, "\r") ? substr($line, 0, -1) : $line;
            if ($line !== '') {
                $this->take($line);
            } elseif (($frame = $this->complete()) !== null) {
                $frames[] = $frame;
            }
        }

        return $frames;
    }

    private function take(string $line): void
    {
        [$field, $value] = [...explode(':', $line, 2), ''];
        $value = str_starts_with($value, ' ') ? substr($value, 1) : $value;
        match ($field) {
            'event' => $this->event = $value,
            'id' => $this->id = $value,
            'data' => $this->data[] = $value,
            default => null,
        };
    }

    private function complete(): ?Frame
    {
        $event = $this->event === '' ? 'message' : $this->event;
        $frame = $this->data === [] ? null : new Frame($event, $this->id, implode("\n", $this->data));
        [$this->event, $this->id, $this->data] = ['', null, []];

        return $frame;
    }
}
