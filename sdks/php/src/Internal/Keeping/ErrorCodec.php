<?php

declare(strict_types=1);

namespace OctoStore\Internal\Keeping;

use OctoStore\Exception\AuthenticationException;
use OctoStore\Exception\ErrorFacts;
use OctoStore\Exception\ErrorType;
use OctoStore\Exception\LeaseBrokenException;
use OctoStore\Exception\LimitException;
use OctoStore\Exception\NetworkException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\PermissionException;
use OctoStore\Exception\ServerException;
use OctoStore\Exception\TimeoutException;
use OctoStore\Exception\UnavailableException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Fields;

/**
 * Errors of renewals for another process.
 *
 * @internal
 */
final class ErrorCodec
{
    /** @return array<string, mixed> */
    public static function encode(OctoStoreException $error): array
    {
        $break = $error instanceof LeaseBrokenException ? $error : null;

        return [
            'type' => $error->type(),
            'message' => $error->getMessage(),
            'code' => $error->errorCode,
            'status' => $error->status,
            'request_id' => $error->requestId,
            'retry_after_ms' => $error->retryAfterMs,
            'reason' => $break?->reason,
            'broken_by' => $break?->brokenBy,
            'broken_at' => $break?->brokenAt->format('Y-m-d\TH:i:s.vP'),
        ];
    }

    public static function decode(Fields $fields): OctoStoreException
    {
        $message = $fields->text('message');
        $facts = new ErrorFacts(
            $fields->textOrNull('code'),
            $fields->numberOrNull('status'),
            $fields->textOrNull('request_id'),
            $fields->numberOrNull('retry_after_ms'),
        );

        return match (ErrorType::from($fields->text('type'))) {
            ErrorType::NotFound => self::decodeEnd($message, $facts, $fields),
            ErrorType::Network => new NetworkException($message, true),
            ErrorType::Timeout => new TimeoutException($message, $facts),
            ErrorType::Authentication => new AuthenticationException($message, $facts),
            ErrorType::Validation => new ValidationException($message, $facts),
            ErrorType::Limit => new LimitException($message, $facts),
            ErrorType::Permission => new PermissionException($message, $facts),
            ErrorType::Unavailable => new UnavailableException($message, $facts),
            // No renewal fails with the others.
            ErrorType::Server, ErrorType::Held, ErrorType::Stale, ErrorType::Signature, ErrorType::Lost
                => new ServerException($message, $facts),
        };
    }

    private static function decodeEnd(string $message, ErrorFacts $facts, Fields $fields): NotFoundException
    {
        return $fields->has('reason') ? new LeaseBrokenException(
            $message,
            $facts,
            $fields->text('reason'),
            $fields->text('broken_by'),
            $fields->date('broken_at'),
        ) : new NotFoundException($message, $facts);
    }
}
